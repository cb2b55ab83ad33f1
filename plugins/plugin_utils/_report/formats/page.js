// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the fleet report from the JSON block of its page. Whatever came from a node goes through clean() and into the
// page as a text node; nothing here makes markup out of text, and the policy of the page would refuse it.
"use strict";
(() => {
// ---- Words -------------------------------------------------------------------------------------------------------
const STATES = {
  "not-ready": { word: "Not ready", sign: "\u2715" },
  unreachable: { word: "Unreachable", sign: "\u2298" },
  "not-started": { word: "Never started", sign: "\u25cb" },
  "not-judged": { word: "Not judged", sign: "\u2013" },
  "open-points": { word: "Ready but for open points", sign: "?" },
  ready: { word: "Ready", sign: "\u2713" },
};
const STATE_ORDER = Object.keys(STATES); // worst first
// The higher the rank, the worse: of two verdicts on one check, the matrix shows the worse.
const STATUSES = {
  fail: { word: "Fail", sign: "\u2715", rank: 5, finding: true },
  "fail-optional": { word: "Fail (optional)", sign: "\u2715", rank: 4, finding: true },
  warn: { word: "Warn", sign: "!", rank: 3, finding: true },
  open: { word: "Open point", sign: "?", rank: 2.5, finding: true },
  unproven: { word: "Unproven (optional)", sign: "?", rank: 2, finding: true },
  pass: { word: "Pass", sign: "\u2713", rank: 1, finding: false },
  skipped: { word: "Skipped", sign: "\u2013", rank: 0, finding: false },
};
const SORTS = { state: "Worst first", name: "Name", fails: "Most fails", time: "Longest" };
const NONE = "(none)"; // stands for an empty region, site or wave in filters
const LONG = 600, NAME_LONG = 90, FIRST_CAUSES = 12, FIRST_GROUPS = 8, FIRST_NAMES = 300;
const $ = (id) => document.getElementById(id);
const collator = new Intl.Collator("en", { numeric: true });
const count = (number) => number.toLocaleString("en");
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

// ---- Text that came from nodes -----------------------------------------------------------------------------------
/** Returns a text as it may be shown: colour codes removed, all that is invisible or turns text around made visible. */
function clean(text) {
  if (/^[\x20-\x7e\n]*$/.test(text)) return text;
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\x1b\[[0-9;:]*m/g, "")
    .replace(/\t/g, "    ")
    .replace(/[\x00-\x09\x0b-\x1f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(/\x7f/g, "\u2421")
    // Format characters (bidi controls, zero width space, tags) but for joiners and the soft hyphen, which words need.
    .replace(/[\x80-\x9f\u2028\u2029]|(?![\u200c\u200d\u00ad])\p{Cf}|\p{Cs}/gu,
      (sign) => `\u27e8U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`)
    .replace(/(\p{M}{4})\p{M}+/gu, "$1"); // marks that pile up over their neighbours
}

function clip(text, most) {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, "") + "\u2026";
}

/** Makes an element; children are nodes or texts, and texts are cleaned here so that none can be forgotten. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, clean(String(value)));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(String(child))));
  }
  return element;
}

/** Returns an element with a text, and where it is long, with its beginning and a button for the rest. */
function prose(tag, attributes, text, most = LONG) {
  const whole = clean(text);
  const element = h(tag, attributes, clip(whole, most));
  if (whole.length <= most) return element;
  const more = h("button", { type: "button", class: "more", onclick: () => {
    element.textContent = whole;
    element.setAttribute("tabindex", "-1");
    element.focus();
  } }, `Show all ${count(whole.length)} characters`);
  element.append(" ", more);
  return element;
}

function seconds(from, to) {
  const span = (Date.parse(to) - Date.parse(from)) / 1000;
  return span >= 0 ? span : null;
}

function duration(span) {
  if (span === null) return "\u2013";
  const whole = Math.round(span);
  const parts = [[Math.floor(whole / 3600), "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
  const first = parts.findIndex(([value]) => value > 0);
  return first < 0 ? "0 s" : parts.slice(first, first + 2).map(([value, unit]) => `${value} ${unit}`).join(" ");
}

function moment(text) {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}

// ---- Copying -----------------------------------------------------------------------------------------------------
function say(text) {
  $("said").textContent = clean(text);
}

/** Copies by selection: works where a page from disk gets no clipboard. The area stays inside of an open dialog. */
function copyBySelection(text, near) {
  const area = h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true", tabindex: "-1" });
  area.value = text;
  near.parentNode.append(area);
  area.select();
  let done = false;
  try { done = document.execCommand("copy"); } catch { done = false; }
  area.remove();
  near.focus();
  return done;
}

function copyButton(label, text, what) {
  const spoken = `${label}: ${clip(clean(what), 60)}`;
  const button = h("button", { type: "button", class: "copy", "aria-label": spoken }, label);
  button.addEventListener("click", async () => {
    const value = clean(typeof text === "function" ? text() : text);
    let done = true;
    try { await navigator.clipboard.writeText(value); } catch { done = copyBySelection(value, button); }
    button.textContent = done ? "Copied" : "Not copied";
    say(done ? `Copied ${what}`
      : "The browser does not let this page copy. Please select the text and copy it by hand.");
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  return button;
}

function command(text) {
  if (!text) return null;
  return h("div", { class: "command" }, prose("code", { tabindex: "0" }, text),
    copyButton("Copy", text, "the command"));
}

// ---- The data ----------------------------------------------------------------------------------------------------
const data = JSON.parse($("data").textContent);
const texts = data.texts;

/** Returns {name of a field: its text} of a row that the page's maker has turned into numbers. */
function named(kind, row) {
  return Object.fromEntries(data.fields[kind].map((field, index) => [field, texts[row[index]]]));
}

const STRIDE = data.fields.verdict.length + 1;
const at = Object.fromEntries(data.fields.verdict.map((field, index) => [field, index]));
const verdictCount = data.verdicts.length / STRIDE;
const statusCache = new Array(verdictCount);

function statusOf(id) {
  if (!statusCache[id]) {
    const status = texts[data.verdicts[id * STRIDE + at.status]];
    const required = data.verdicts[id * STRIDE + STRIDE - 1];
    // A status that this page does not know proves nothing.
    const known = Object.hasOwn(STATUSES, status) ? status : "unproven";
    // Something required that nothing proves is an open point.
    statusCache[id] = { "fail-0": "fail-optional", "unproven-1": "open" }[`${known}-${required}`] || known;
  }
  return statusCache[id];
}

function verdictOf(id) {
  return { ...named("verdict", data.verdicts.slice(id * STRIDE, (id + 1) * STRIDE)), status: statusOf(id) };
}

const runs = data.runs.map((row) => ({ ...named("run", row), checkMode: Boolean(row[row.length - 1]) }));
const runById = new Map(runs.map((run) => [run.id, run]));
const checks = []; // texts of all checks, in the order of their first appearance
const checkNumber = new Map();

function columnOf(text) {
  if (!checkNumber.has(text)) checkNumber.set(text, checks.push(text) - 1);
  return checkNumber.get(text);
}

/** Returns the name that a standing has here: in classes, and in the link of a filter. */
function kindOf(standing) {
  return standing === "ready but for open points" ? "open-points" : standing.replace(" ", "-");
}

function hostOf([name, row, verdicts, changed, history], index) {
  const host = { index, name: texts[name], ...named("host", row), verdicts, changed, history, fails: 0, warned: false };
  host.cells = new Map(); // column: the worst verdict on that check
  host.statuses = new Set();
  for (const id of verdicts) {
    const status = statusOf(id), column = columnOf(texts[data.verdicts[id * STRIDE + at.check]]);
    host.statuses.add(status);
    if (status === "fail") host.fails += 1;
    const known = host.cells.get(column);
    if (known === undefined || STATUSES[status].rank > STATUSES[statusOf(known)].rank) host.cells.set(column, id);
  }
  host.warned = ["warn", "fail-optional"].some((status) => host.statuses.has(status));
  host.kind = kindOf(host.standing);
  host.time = seconds(host.started, host.ended);
  return host;
}

const hosts = data.hosts.map(hostOf);
const hostByName = new Map(hosts.map((host) => [host.name, host]));
const causes = data.causes.map((row) => ({
  ...named("cause", row), checks: row[row.length - 2].map((number) => texts[number]), hosts: row[row.length - 1],
}));

function tally(list, key) {
  const numbers = new Map();
  for (const item of list) numbers.set(key(item), (numbers.get(key(item)) || 0) + 1);
  return numbers;
}

const kinds = tally(hosts, (host) => host.kind);
// As they are counted: the rare one only where there is one.
const KINDS = ["ready", "open-points", "not-ready", "unreachable", "not-started", "not-judged"]
  .filter((kind) => kinds.has(kind) || !["open-points", "not-judged"].includes(kind));

/** Returns the word for how a node stands, with the number of its open points. */
function wordOf(host) {
  return host.kind === "open-points" ? `Ready but for ${plural(Number(host.points), "open point")}`
    : STATES[host.kind].word;
}

function badge(words, kind, word = words[kind].word) {
  return h("span", { class: `badge ${kind.replace(" ", "-")}` },
    h("span", { class: "sign", "aria-hidden": "true" }, words[kind].sign), word);
}

// ---- What is shown: filters, sorting, the link -------------------------------------------------------------------
const FILTERS = ["state", "region", "site", "wave", "status"];
const START = {
  q: "", state: "", region: "", site: "", wave: "", status: "", sort: "state", desc: "", cols: "", cause: "", node: "",
};
let view = { ...START };
let shown = [];

let lowered = null;
/** Returns a test of verdicts: whether check, summary and remedy together have all of some words. */
function verdictsWith(words) {
  lowered ||= texts.map((text) => text.toLowerCase());
  const searched = [at.check, at.summary, at.remedy];
  const hits = words.map((word) => lowered.map((text) => text.includes(word)));
  return (id) => hits.every((hit) => searched.some((field) => hit[data.verdicts[id * STRIDE + field]]));
}

/** Returns a test of nodes. Words that a node's own texts lack must be in one and the same of its verdicts. */
function matchesWords(words) {
  const tests = new Map(); // verdicts are shared by nodes, and so are most sets of words that are left
  const verdictTest = (left) => {
    const key = left.join(" ");
    if (!tests.has(key)) tests.set(key, { hit: verdictsWith(left), known: new Map() });
    const { hit, known } = tests.get(key);
    return (id) => {
      // With a status chosen, only verdicts of that status are searched: "clock" then means nodes whose clock fails.
      if (!known.has(id)) known.set(id, (!view.status || statusOf(id) === view.status) && hit(id));
      return known.get(id);
    };
  };
  return (host) => {
    const own = [host.name, host.address, host.message, host.failed_task, host.region, host.site].join("\n")
      .toLowerCase();
    const left = words.filter((word) => !own.includes(word));
    return !left.length || host.verdicts.some(verdictTest(left));
  };
}

function filterOf() {
  const tests = [];
  if (view.state) tests.push((host) => host.kind === view.state);
  if (view.status) tests.push((host) => host.statuses.has(view.status));
  for (const field of ["region", "site", "wave"]) {
    if (view[field]) tests.push((host) => (host[field] || NONE) === view[field]);
  }
  const cause = causes[Number(view.cause) - 1];
  if (view.cause && cause) {
    const members = new Set(cause.hosts);
    tests.push((host) => members.has(host.index));
  }
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length) tests.push(matchesWords(words));
  return (host) => tests.every((test) => test(host));
}

function orderOf() {
  const byName = (a, b) => collator.compare(a.name, b.name);
  const byState = (a, b) => STATE_ORDER.indexOf(a.kind) - STATE_ORDER.indexOf(b.kind) || b.fails - a.fails;
  const orders = { name: byName, state: byState, fails: (a, b) => b.fails - a.fails, time: (a, b) => b.time - a.time };
  let order = orders[view.sort];
  if (view.sort.startsWith("check:")) {
    const column = checkNumber.get(view.sort.slice(6));
    const rank = (host) => (host.cells.has(column) ? STATUSES[statusOf(host.cells.get(column))].rank : -1);
    order = (a, b) => rank(b) - rank(a);
  }
  const turn = view.desc ? -1 : 1;
  return (a, b) => turn * (order || byState)(a, b) || byName(a, b);
}

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  view = { ...START };
  for (const name of Object.keys(START)) if (given.has(name)) view[name] = given.get(name);
  if (!Object.hasOwn(SORTS, view.sort) && !checkNumber.has(view.sort.replace(/^check:/, ""))) view.sort = START.sort;
}

function writeHash() {
  const set = Object.entries(view).filter(([name, value]) => value !== START[name]);
  const text = new URLSearchParams(set).toString();
  history.replaceState(null, "", text ? `#${text}` : "#");
}

function change(part) {
  view = { ...view, ...part };
  writeHash();
  update();
}

function update() {
  shown = hosts.filter(filterOf()).sort(orderOf());
  controls.show();
  grid.fill();
  const total = plural(hosts.length, "node");
  $("shown").textContent = shown.length === hosts.length ? `All ${total}` : `${count(shown.length)} of ${total}`;
  for (const press of document.querySelectorAll("[data-filter]")) {
    press.setAttribute("aria-pressed", String(view[press.dataset.filter] === press.dataset.value));
  }
}

/** A button that sets a filter, and takes it back when pressed again. */
function filterButton(field, value, attributes, ...children) {
  const press = () => {
    change({ [field]: view[field] === value ? "" : value });
    $("nodes").scrollIntoView({ block: "start" });
  };
  const button = h("button", { type: "button", "aria-pressed": "false", "data-filter": field, ...attributes,
    onclick: press }, ...children);
  button.dataset.value = value; // as it is, for it is compared
  return button;
}

// ---- Head, counts, bars ------------------------------------------------------------------------------------------
/** Returns what was looked at on all nodes that are not judged, and what was not. */
function lookedAt() {
  const unjudged = hosts.filter((host) => host.kind === "not-judged");
  const names = (field) => [...new Set(unjudged.flatMap((host) => host[field].split(", ")))].filter(Boolean);
  const missing = names("missing"); // beside what was looked at stands from which run, where there are several
  const looked = new Set(names("looked").map((name) => name.split(" ")[0]));
  const known = [...looked].filter((name) => !missing.includes(name));
  if (!unjudged.length) return "";
  return `${known.length ? `only ${known.join(", ")}` : "nothing"} looked at, not ${missing.join(", ")}`;
}

function drawHead() {
  const ready = kinds.get("ready") || 0, unjudged = kinds.get("not-judged") || 0, open = kinds.get("open-points") || 0;
  const but = open ? `, ${count(open)} ready but for open points` : "";
  const joined = hosts.filter((host) => host.joined), healthy = joined.filter((host) => host.kind === "ready").length;
  const rest = hosts.length - ready - open - unjudged;
  $("verdict").textContent = joined.length && unjudged !== hosts.length
    ? `${count(healthy)} joined and healthy, ${count(ready - healthy)} ready to join${but}, ${count(rest)} not ready.`
    : hosts.length && ready === hosts.length ? `All ${plural(ready, "node")} ready to join.`
    : hosts.length && unjudged === hosts.length
      ? `${plural(unjudged, "node")}, not judged: ${lookedAt()}.`
      : `${count(ready)} of ${plural(hosts.length, "node")} ready to join${but}.`;
  document.title = `Fleet readiness: ${ready} of ${hosts.length}`;
  const dry = runs.filter((run) => run.checkMode);
  if (dry.length) {
    $("check-mode").hidden = false;
    $("check-mode").append(h("strong", {}, "Check mode. "), dry.length === runs.length
      ? "Nothing was changed on any node; what is listed as changed is what would have been."
      : `${dry.length} of ${runs.length} runs only looked: ${dry.map((run) => clip(clean(run.id), 60)).join(", ")}.`);
  }
  $("runs").append(...runs.map((run) => h("li", {},
    h("strong", {}, clip(clean(run.playbook || run.id), NAME_LONG)),
    h("span", {}, moment(run.started)),
    run.ended ? h("span", {}, `took ${duration(seconds(run.started, run.ended))}`)
      : h("span", { class: "cut" }, "was ended before it was done"),
    run.checkMode ? h("span", { class: "cut" }, "check mode") : null,
    run.stopped ? h("span", { class: "cut" }, clip(clean(run.stopped), LONG)) : null,
    h("span", { class: "faint" }, clip(clean(run.id), NAME_LONG)))));
  for (const link of document.querySelectorAll("a[href^='#']")) {
    link.addEventListener("click", (event) => { // the part behind # belongs to the filters
      event.preventDefault();
      const target = $(link.getAttribute("href").slice(1));
      target.setAttribute("tabindex", "-1");
      target.scrollIntoView({ block: "start" });
      target.focus({ preventScroll: true });
    });
  }
}

function drawCounts() {
  const cautious = hosts.filter((host) => host.kind === "ready" && host.warned).length;
  const notes = { ready: cautious ? `${count(cautious)} with warnings` : "", "not-judged": lookedAt() };
  $("tiles").append(
    h("div", { class: "tile" }, h("span", { class: "big" }, count(hosts.length)), h("span", {}, "Nodes")),
    ...KINDS.map((kind) => filterButton("state", kind, { class: `tile ${kind}${kinds.get(kind) ? "" : " zero"}` },
      h("span", { class: "big" }, count(kinds.get(kind) || 0)),
      h("span", {}, h("span", { class: "sign", "aria-hidden": "true" }, STATES[kind].sign), STATES[kind].word),
      h("small", {}, notes[kind]))));
  const verdicts = tally(hosts.flatMap((host) => host.verdicts), statusOf);
  $("totals").append(...Object.keys(STATUSES).filter((status) => verdicts.get(status)).map((status) =>
    h("span", {}, h("span", { class: `cell ${status}`, "aria-hidden": "true" }, STATUSES[status].sign),
      `${count(verdicts.get(status))} ${STATUSES[status].word.toLowerCase()}`)));
  if (!verdicts.size) $("totals").textContent = "No verdict was returned.";
}

function barRow(field, value, members) {
  const numbers = tally(members, (host) => host.kind);
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  const said = [];
  for (const kind of KINDS) {
    const number = numbers.get(kind) || 0;
    if (!number) continue;
    const part = h("span", { class: `part ${kind}` });
    part.style.flexGrow = number;
    bar.append(part);
    said.push(`${count(number)} ${STATES[kind].word.toLowerCase()}`);
  }
  const label = field === "wave" && value !== NONE ? `Wave ${value}` : value;
  return filterButton(field, value, { class: "bar-row", title: said.join(", ") },
    h("span", { class: "bar-label" }, clip(clean(label), 60)), bar,
    h("span", { class: "bar-count" }, `${count(numbers.get("ready") || 0)}\u2009/\u2009${count(members.length)}`),
    h("span", { class: "unseen" }, `: ${said.join(", ")}`));
}

function groupsOf(field) {
  const groups = new Map();
  for (const host of hosts) {
    const value = host[field] || NONE;
    if (!groups.has(value)) groups.set(value, []);
    groups.get(value).push(host);
  }
  return groups;
}

function drawBars() {
  for (const field of ["region", "site", "wave"]) {
    const groups = [...groupsOf(field)].sort(([a], [b]) => collator.compare(a, b));
    if (!groups.length || (groups.length === 1 && groups[0][0] === NONE)) continue;
    const list = h("div", { class: "bar-list" });
    const draw = (most) => list.replaceChildren(...groups.slice(0, most).map((group) => barRow(field, ...group)));
    draw(FIRST_GROUPS);
    const more = h("button", { type: "button", class: "more", onclick: () => { draw(Infinity); more.remove(); } },
      `Show all ${groups.length}`);
    $("bars").append(h("div", { class: "card" }, h("h2", {}, `By ${field}`), list,
      groups.length > FIRST_GROUPS ? more : null));
  }
  if (!$("bars").childElementCount) return;
  $("bars-legend").append(...KINDS.map((kind) => h("span", {},
    h("span", { class: `swatch part ${kind}`, "aria-hidden": "true" }), STATES[kind].word)));
}

// ---- Causes, hand-over -------------------------------------------------------------------------------------------
const CAUSE_KINDS = { ...STATUSES, unreachable: STATES.unreachable, "not started": STATES["not-started"],
  stopped: { word: "Stopped", sign: "\u2298" } };

function nodeList(cause) {
  const members = cause.hosts.map((index) => hosts[index]);
  const list = h("ul", { class: "names" });
  const draw = (most) => list.replaceChildren(...members.slice(0, most).map((host) => h("li", {},
    h("button", { type: "button", class: "name", onclick: () => panel.open(host) },
      clip(clean(host.name), NAME_LONG)))));
  const more = h("button", { type: "button", class: "more", onclick: () => { draw(Infinity); more.remove(); } },
    `Show all ${count(members.length)} names`);
  const details = h("details", { class: "nodes-of" }, h("summary", {}, plural(members.length, "node")), list,
    members.length > FIRST_NAMES ? more : null);
  details.addEventListener("toggle", () => { if (details.open && !list.childElementCount) draw(FIRST_NAMES); });
  return details;
}

function remedyOf(remedy) {
  if (!remedy) return null;
  return h("div", { class: "remedy" }, h("b", {}, "To do"), prose("p", { class: "text" }, remedy));
}

const FIXERS = {
  prepare_edge: "prepare_edge fixes this",
  network: "For the network team",
  operator: "For the operator",
};

function causeCard(cause, index) {
  const kind = Object.hasOwn(CAUSE_KINDS, cause.status) ? cause.status : "unproven";
  const names = () => cause.hosts.map((number) => hosts[number].name).join(",");
  const extra = cause.checks.filter((check) => !cause.title.includes(check));
  return h("article", { class: `cause ${kind.replace(" ", "-")}` },
    h("div", { class: "cause-head" }, badge(CAUSE_KINDS, kind),
      prose("h3", {}, cause.title || cause.summary, 160),
      h("span", { class: "how-many" }, plural(cause.hosts.length, "node"))),
    Object.hasOwn(FIXERS, cause.fixed_by) && cause.status !== "not started"
      ? h("p", { class: "fixer" }, FIXERS[cause.fixed_by]) : null,
    cause.summary && cause.summary !== cause.title ? prose("p", { class: "text" }, cause.summary) : null,
    remedyOf(cause.remedy),
    cause.reproduce ? h("div", { class: "remedy" }, h("b", {}, "By hand"), command(cause.reproduce)) : null,
    extra.length ? prose("p", { class: "faint text" }, `Checks: ${extra.join(", ")}`, 200) : null,
    h("div", { class: "cause-tools" }, nodeList(cause),
      h("button", { type: "button", onclick: () => {
        change({ ...START, cause: String(index + 1) });
        $("nodes").scrollIntoView({ block: "start" });
      } }, "Show in table"),
      copyButton("Copy names", names, `the names of ${plural(cause.hosts.length, "node")}`)),
    h("p", { class: "names-print print-only" }));
}

function drawCauses(most = FIRST_CAUSES) {
  const list = $("cause-list");
  list.replaceChildren(...causes.slice(0, most).map(causeCard));
  if (causes.length > most) {
    list.append(h("button", { type: "button", onclick: () => drawCauses(Infinity) },
      `Show all ${causes.length} causes`));
  }
  if (!causes.length) list.append(h("p", { class: "empty" }, "No finding on any node."));
}

function drawHandover() {
  document.querySelector("[data-jump='handover']").hidden = !data.handover;
  if (!data.handover) return;
  $("handover").hidden = false;
  $("handover-text").textContent = clean(data.handover);
  $("handover-copy").append(copyButton("Copy", data.handover, "the text for the network team"));
}

// ---- Controls ----------------------------------------------------------------------------------------------------
const controls = {
  draw() {
    const option = (value, label) => {
      const made = h("option", {}, clip(clean(label), 60));
      made.value = value;
      return made;
    };
    const options = (values) => [option("", "All"), ...values.map(([value, label]) => option(value, label))];
    const stated = (kind) => [kind, `${STATES[kind].word} (${kinds.get(kind) || 0})`];
    $("state").append(...options(STATE_ORDER.filter((kind) => KINDS.includes(kind)).map(stated)));
    for (const field of ["region", "site", "wave"]) {
      const values = [...groupsOf(field).keys()].sort(collator.compare);
      $(field).append(...options(values.map((value) => [value, value])));
      $(field).parentNode.hidden = values.length < 2;
    }
    $("status").append(...options(Object.entries(STATUSES).map(([status, { word }]) => [status, word])));
    $("sort").append(...Object.entries(SORTS).map(([value, label]) => option(value, label)));
    for (const field of FILTERS) $(field).addEventListener("change", () => change({ [field]: $(field).value }));
    $("sort").addEventListener("change", () => change({ sort: $("sort").value, desc: "" }));
    $("findings").addEventListener("change", () => change({ cols: $("findings").checked ? "findings" : "" }));
    let wait = 0;
    $("q").addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => change({ q: $("q").value }), 80);
    });
    $("controls").addEventListener("submit", (event) => event.preventDefault());
    $("controls").addEventListener("reset", (event) => { event.preventDefault(); change(START); });
    $("legend").append(...Object.entries(STATUSES).map(([status, { word, sign }]) =>
      h("li", {}, h("span", { class: `cell ${status}`, "aria-hidden": "true" }, sign), word)),
    h("li", {}, h("span", { class: "cell", "aria-hidden": "true" }), "Not looked at"));
  },
  show() {
    for (const field of FILTERS) $(field).value = view[field];
    if ($("q").value !== view.q) $("q").value = view.q;
    for (const old of $("sort").querySelectorAll("[data-check]")) old.remove();
    if (view.sort.startsWith("check:")) {
      const made = h("option", { "data-check": "" }, `Check ${clip(clean(view.sort.slice(6)), 50)}`);
      made.value = view.sort;
      $("sort").append(made);
    }
    $("sort").value = view.sort;
    $("findings").checked = view.cols === "findings";
    const cause = causes[Number(view.cause) - 1];
    $("chips").replaceChildren(...(view.cause && cause ? [h("button", { type: "button", class: "chip",
      onclick: () => change({ cause: "" }) }, `Cause: ${clip(clean(cause.title), 60)}`,
    h("span", { "aria-hidden": "true" }, " \u2715"), h("span", { class: "unseen" }, " (take away)"))] : []));
  },
};

// ---- The matrix --------------------------------------------------------------------------------------------------
const ROW = 32, AROUND = 12; // height of a row in CSS pixels, as in the style; rows drawn beyond the visible ones
const FIXED = [["name", "Node"], ["fails", "Fails"], ["time", "Time"]];

const grid = {
  columns: [], rows: new Map(), row: -1, column: 0,

  /** Takes in what is shown now. Only rows near the visible part are in the page. */
  fill() {
    const used = new Set();
    for (const host of shown) {
      for (const [column, id] of host.cells) {
        if (view.cols !== "findings" || STATUSES[statusOf(id)].finding) used.add(column);
      }
    }
    this.columns = [...used].sort((a, b) => a - b);
    this.row = shown.length ? 0 : -1;
    this.column = Math.min(this.column, FIXED.length + this.columns.length - 1);
    const box = $("grid");
    box.style.setProperty("--columns", this.columns.length);
    box.setAttribute("aria-rowcount", shown.length + 1);
    box.setAttribute("aria-colcount", FIXED.length + this.columns.length);
    $("grid-body").style.height = `${Math.max(shown.length, 1) * ROW}px`;
    $("grid-head").replaceChildren(this.head());
    $("grid-body").replaceChildren();
    this.rows.clear();
    box.scrollTop = 0;
    if (shown.length) this.draw();
    else $("grid-body").append(h("p", { class: "empty" }, "No node matches. Clear a filter to see more."));
  },

  head() {
    const cell = (column, sort, label, fixed) => {
      const on = view.sort === sort;
      const first = sort === "name" || sort.startsWith("check:") ? "ascending" : "descending";
      const other = first === "ascending" ? "descending" : "ascending";
      return h("div", { role: "columnheader", class: `th ${fixed}`, "aria-colindex": column + 1, "data-column": column,
        "aria-sort": on ? (view.desc ? other : first) : null, tabindex: this.tab(-1, column), title: label },
      h("span", {}, label));
    };
    return h("div", { role: "row", class: "tr", "aria-rowindex": "1" },
      FIXED.map(([sort, label], column) => cell(column, sort, label, sort)),
      this.columns.map((number, index) => cell(FIXED.length + index, `check:${checks[number]}`,
        clip(clean(checks[number]), NAME_LONG), "check")));
  },

  tab(row, column) {
    return row === this.row && column === this.column ? "0" : "-1";
  },

  draw() {
    const box = $("grid"), top = box.scrollTop;
    const from = Math.max(Math.floor(top / ROW) - AROUND, 0);
    const to = Math.min(Math.ceil((top + box.clientHeight) / ROW) + AROUND, shown.length);
    for (const [index, element] of this.rows) {
      // The row with the tab stop stays, or the keyboard would lose its place.
      if ((index < from || index >= to) && index !== this.row) { element.remove(); this.rows.delete(index); }
    }
    const wanted = new Set(this.row >= 0 ? [this.row] : []);
    for (let index = from; index < to; index += 1) wanted.add(index);
    const fresh = document.createDocumentFragment();
    for (const index of wanted) {
      if (!this.rows.has(index)) { this.rows.set(index, this.line(index)); fresh.append(this.rows.get(index)); }
    }
    $("grid-body").append(fresh);
  },

  line(index) {
    const host = shown[index];
    const line = h("div", { role: "row", class: `tr ${host.kind}`, "aria-rowindex": index + 2, "data-row": index });
    line.style.top = `${index * ROW}px`;
    const name = clip(clean(host.name), NAME_LONG);
    line.append(
      h("div", { role: "rowheader", class: "name", "aria-colindex": 1, "data-column": 0, tabindex: this.tab(index, 0),
        "aria-label": `${name}: ${wordOf(host)}` },
      h("span", { class: `state ${host.kind}`, "aria-hidden": "true" }, STATES[host.kind].sign),
      h("span", { class: "host" }, name)),
      h("div", { role: "gridcell", class: "fails", "aria-colindex": 2, "data-column": 1, tabindex: this.tab(index, 1),
        "aria-label": plural(host.fails, "fail") }, host.fails || ""),
      h("div", { role: "gridcell", class: "time", "aria-colindex": 3, "data-column": 2, tabindex: this.tab(index, 2) },
        duration(host.time)));
    this.columns.forEach((number, place) => {
      const id = host.cells.get(number), column = FIXED.length + place;
      const status = id === undefined ? "" : statusOf(id);
      const word = status ? STATUSES[status].word : "not looked at";
      line.append(h("div", { role: "gridcell", class: `cell ${status}`, "aria-colindex": column + 1,
        "data-column": column, tabindex: this.tab(index, column),
        "aria-label": `${clip(clean(checks[number]), 60)}: ${word}` }, status ? STATUSES[status].sign : ""));
    });
    return line;
  },

  /** The check of a column and the node's verdict on it, for the hint and for opening the node there. */
  verdictAt(row, column) {
    const number = this.columns[column - FIXED.length];
    return number === undefined ? undefined : shown[row].cells.get(number);
  },

  place(element) {
    const cell = element.closest("[data-column]");
    if (!cell) return null;
    const line = cell.closest("[data-row]");
    return { cell, row: line ? Number(line.dataset.row) : -1, column: Number(cell.dataset.column) };
  },

  cell(row, column) {
    const line = row < 0 ? $("grid-head").firstChild : this.rows.get(row);
    return line && line.children[column];
  },

  go(row, column) {
    const old = this.cell(this.row, this.column);
    if (old) old.setAttribute("tabindex", "-1");
    this.row = Math.min(Math.max(row, -1), shown.length - 1);
    this.column = Math.min(Math.max(column, 0), FIXED.length + this.columns.length - 1);
    this.reveal();
    this.draw();
    const cell = this.cell(this.row, this.column);
    cell.setAttribute("tabindex", "0");
    cell.focus({ preventScroll: true });
  },

  /** Scrolls the box, never the page, so that the cell is not under the head or the names. */
  reveal() {
    const box = $("grid"), head = $("grid-head").offsetHeight;
    if (this.row >= 0) {
      const top = this.row * ROW, room = box.clientHeight - head - ROW;
      box.scrollTop = Math.min(Math.max(box.scrollTop, top - room), top);
    }
    const first = $("grid-head").firstChild;
    if (this.column > 0) {
      const side = first.children[0].offsetWidth, cell = first.children[this.column];
      const left = cell.offsetLeft - side, right = cell.offsetLeft + cell.offsetWidth - box.clientWidth;
      box.scrollLeft = Math.max(Math.min(box.scrollLeft, left), right);
    } else box.scrollLeft = 0;
  },

  press(row, column) {
    if (row >= 0) return panel.open(shown[row], this.verdictAt(row, column));
    const sort = column < FIXED.length ? FIXED[column][0] : `check:${checks[this.columns[column - FIXED.length]]}`;
    change({ sort, desc: view.sort === sort && !view.desc ? "1" : "" });
    this.go(-1, column);
    return undefined;
  },

  key(event) {
    const page = Math.max(Math.floor(($("grid").clientHeight - $("grid-head").offsetHeight) / ROW) - 1, 1);
    const last = FIXED.length + this.columns.length - 1;
    const moves = {
      ArrowUp: [this.row - 1, this.column], ArrowDown: [this.row + 1, this.column],
      ArrowLeft: [this.row, this.column - 1], ArrowRight: [this.row, this.column + 1],
      PageUp: [Math.max(this.row - page, 0), this.column], PageDown: [this.row + page, this.column],
      Home: [event.ctrlKey ? 0 : this.row, 0], End: [event.ctrlKey ? shown.length - 1 : this.row, last],
    };
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") this.press(this.row, this.column);
    else if (moves[event.key]) this.go(...moves[event.key]);
    else return;
    event.preventDefault();
  },

  listen() {
    const box = $("grid");
    let asked = false;
    const redraw = () => {
      if (asked || !shown.length) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; this.draw(); });
    };
    box.addEventListener("scroll", redraw, { passive: true });
    addEventListener("resize", redraw);
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("click", (event) => {
      const place = this.place(event.target);
      if (!place) return;
      this.go(place.row, place.column);
      this.press(place.row, place.column);
    });
    box.addEventListener("focusin", (event) => {
      const place = this.place(event.target);
      if (!place || (place.row === this.row && place.column === this.column)) return;
      const old = this.cell(this.row, this.column);
      if (old) old.setAttribute("tabindex", "-1");
      [this.row, this.column] = [place.row, place.column];
      place.cell.setAttribute("tabindex", "0");
    });
    box.addEventListener("mouseover", (event) => {
      const place = this.place(event.target);
      if (!place || place.row < 0 || place.cell.title) return;
      const id = this.verdictAt(place.row, place.column), host = shown[place.row];
      const said = id === undefined ? `${host.name}: ${host.message || STATES[host.kind].word}`
        : `${verdictOf(id).check}: ${verdictOf(id).summary}`;
      place.cell.title = clip(clean(said), 300);
    });
  },
};

// ---- One node ----------------------------------------------------------------------------------------------------
const panel = {
  open(host, verdict) {
    const box = $("node");
    box.replaceChildren(this.head(host), this.body(host));
    if (!box.open) box.showModal();
    box.scrollTop = 0;
    view.node = host.name;
    writeHash();
    const target = verdict === undefined ? null : box.querySelector(`[data-verdict="${verdict}"]`);
    if (target) {
      const closed = target.closest("details");
      if (closed) closed.open = true;
      target.classList.add("asked");
      target.scrollIntoView({ block: "center" });
    }
    box.querySelector(target ? ".asked" : "#node-title").focus({ preventScroll: true });
  },

  head(host) {
    const place = shown.indexOf(host);
    const step = (by, label, sign) => h("button", { type: "button", class: "quiet", "aria-label": label,
      disabled: place < 0 || !shown[place + by],
      onclick: () => this.open(shown[place + by]) }, sign);
    return h("div", { class: "node-head" },
      h("div", { class: "node-line" }, badge(STATES, host.kind, wordOf(host)),
        h("span", { class: "push" }), step(-1, "Node before", "\u2191"), step(1, "Next node", "\u2193"),
        h("button", { type: "button", id: "node-close", onclick: () => $("node").close() }, "Close")),
      prose("h2", { id: "node-title", tabindex: "-1" }, host.name, NAME_LONG));
  },

  body(host) {
    const run = runById.get(host.run) || { checkMode: false, playbook: host.run };
    const facts = [
      ["Address", host.address], ["Region", host.region], ["Site", host.site], ["Wave", host.wave],
      ["Access mode", host.access_mode.replaceAll("_", " ")], ["Run", run.playbook], ["Started", moment(host.started)],
      ["Duration", host.time === null ? "" : duration(host.time)], ["Failed task", host.failed_task],
      ["Looked at", host.looked], ["Not looked at", host.missing],
    ].filter(([, value]) => value);
    const said = host.message || {
      "not-started": "No task of the run has reached this node.",
      "not-judged": `Nothing is known to be wrong, but not all was looked at: ${host.missing}.`,
      "open-points": `Nothing is known to be wrong, but not proven: ${plural(Number(host.points), "required check")}.`,
    }[host.kind];
    return h("div", { class: "node-body" },
      said ? prose("p", { class: `message ${host.kind} text` }, said) : null,
      h("dl", { class: "facts" }, facts.map(([label, value]) =>
        h("div", {}, h("dt", {}, label), prose("dd", {}, value, 120)))),
      this.changed(host, run), this.verdicts(host), this.history(host));
  },

  changed(host, run) {
    const list = host.changed.map((number) => texts[number]);
    return h("section", {}, h("h3", {}, run.checkMode ? "Would have been changed (check mode)" : "Changed"),
      list.length ? h("ul", { class: "plain" }, list.map((task) => prose("li", {}, task, 200)))
        : h("p", { class: "faint" }, "Nothing."));
  },

  verdicts(host) {
    const tasks = new Map();
    for (const id of host.verdicts) {
      const { task } = verdictOf(id);
      if (!tasks.has(task)) tasks.set(task, []);
      tasks.get(task).push(id);
    }
    const rank = (id) => STATUSES[statusOf(id)].rank;
    const groups = [...tasks].map(([task, ids]) => [task, ids.sort((a, b) => rank(b) - rank(a))]);
    groups.sort(([, a], [, b]) => Math.max(rank(b[0]), 1) - Math.max(rank(a[0]), 1)); // stable: else as they ran
    if (!groups.length) return h("section", {}, h("h3", {}, "Verdicts"), h("p", { class: "faint" }, "None."));
    return h("section", {}, groups.map(([task, ids]) => this.group(task, ids)));
  },

  group(task, ids) {
    const finding = (id) => STATUSES[statusOf(id)].finding;
    const rest = ids.filter((id) => !finding(id));
    const words = [...tally(rest, statusOf)]
      .map(([status, number]) => `${number} ${STATUSES[status].word.toLowerCase()}`);
    return h("div", { class: "task" }, prose("h3", {}, task || "Verdicts", 160),
      h("ul", { class: "verdicts" }, ids.filter(finding).map((id) => this.verdict(id))),
      rest.length ? h("details", { open: rest.length === ids.length && rest.length <= 6 },
        h("summary", {}, words.join(", ")), h("ul", { class: "verdicts" }, rest.map((id) => this.verdict(id)))) : null);
  },

  verdict(id) {
    const { check, status, summary, remedy, reproduce } = verdictOf(id);
    return h("li", { class: `verdict ${status}`, "data-verdict": id, tabindex: "-1" },
      h("span", { class: `cell ${status}`, "aria-hidden": "true" }, STATUSES[status].sign),
      h("div", {},
        h("p", { class: "verdict-head" }, prose("b", {}, check, 120),
          h("span", { class: "faint" }, STATUSES[status].word)),
        prose("p", { class: "text" }, summary),
        remedyOf(remedy),
        command(reproduce)));
  },

  history(host) {
    if (!host.history.length) return null;
    return h("section", {}, h("h3", {}, "Earlier runs"), h("ul", { class: "plain" }, host.history.map((row) => {
      const { run, state, failed_task, message, ended } = named("history", row);
      return h("li", {}, clip(clean(state), 60),
        h("span", { class: "faint" }, ` ${moment(ended)} ${clip(clean(run), NAME_LONG)}`),
        failed_task || message ? prose("div", { class: "text" }, [failed_task, message].filter(Boolean).join(": ")) : null);
    })));
  },

  listen() {
    const box = $("node");
    box.addEventListener("close", () => {
      view.node = "";
      writeHash();
    });
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); }); // beside the panel
  },
};

// ---- Theme, paper ------------------------------------------------------------------------------------------------
const theme = {
  system: matchMedia("(prefers-color-scheme: dark)"),
  stored() {
    // Some browsers keep nothing for pages from disk.
    try { return localStorage.getItem("ack-edge-theme"); } catch { return null; }
  },
  set(value) {
    if (value) document.documentElement.dataset.theme = value;
    const dark = (document.documentElement.dataset.theme || (this.system.matches ? "dark" : "light")) === "dark";
    $("theme").textContent = dark ? "Light" : "Dark";
    $("theme").setAttribute("aria-label", dark ? "Use light colours" : "Use dark colours");
    $("theme").onclick = () => {
      const wanted = dark ? "light" : "dark";
      try { localStorage.setItem("ack-edge-theme", wanted); } catch { /* then it holds for this visit */ }
      this.set(wanted);
    };
  },
  listen() {
    const stored = this.stored();
    this.set(["dark", "light"].includes(stored) ? stored : "");
    this.system.addEventListener("change", () => this.set(""));
  },
};

/** Paper has every cause with its nodes and a table of the nodes that are not ready; the matrix stays on the screen. */
function drawPrint() {
  drawCauses(Infinity);
  document.querySelectorAll(".names-print").forEach((element, index) => {
    element.textContent = causes[index].hosts.map((number) => clip(clean(hosts[number].name), NAME_LONG)).join(", ");
  });
  const left = hosts.filter((host) => !["ready", "not-judged"].includes(host.kind)).sort((a, b) =>
    STATE_ORDER.indexOf(a.kind) - STATE_ORDER.indexOf(b.kind) || collator.compare(a.name, b.name));
  if (!left.length) return $("print").replaceChildren();
  const wrong = (host) => {
    const wanted = host.fails ? "fail" : "open";
    const failing = host.verdicts.filter((id) => statusOf(id) === wanted).map((id) => verdictOf(id).check);
    return clip(clean([...new Set(failing)].join(", ") || host.message), 300);
  };
  return $("print").replaceChildren(h("h2", {}, "Nodes that are not ready"), h("table", {},
    h("thead", {}, h("tr", {}, ["Node", "State", "Region", "Site", "Wave", "What fails"].map((label) =>
      h("th", { scope: "col" }, label)))),
    h("tbody", {}, left.map((host) => h("tr", {}, [host.name, wordOf(host), host.region, host.site, host.wave,
      wrong(host)].map((text) => h("td", {}, clip(clean(text), 300))))))));
}

// ---- Begin -------------------------------------------------------------------------------------------------------
function openFromHash() {
  const host = view.node && hostByName.get(view.node);
  if (host) panel.open(host);
  else if ($("node").open) $("node").close();
}

theme.listen();
drawHead();
drawCounts();
drawBars();
drawCauses();
drawHandover();
controls.draw();
grid.listen();
panel.listen();
readHash();
update();
openFromHash();
addEventListener("hashchange", () => { readHash(); update(); openFromHash(); });
addEventListener("beforeprint", drawPrint);
matchMedia("print").addEventListener("change", (media) => { if (media.matches) drawPrint(); });
// Drawn means that a frame with the rows has been made: what the benchmark waits for.
requestAnimationFrame(() => setTimeout(() => performance.mark("drawn")));
})();
