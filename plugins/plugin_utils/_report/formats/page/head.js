// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Head, counts and bars.
/** Returns what was looked at on all nodes that are not judged, and what was not. */
function lookedAt() {
  const unjudged = hosts.filter((host) => host.kind === "not-judged");
  const names = (field) => [...new Set(unjudged.flatMap((host) => host[field].split(", ")))].filter(Boolean);
  const missing = names("missing"); // beside what was looked at stands from which run, where there are several
  const looked = new Set(names("looked").map((name) => name.split(" ")[0]));
  const known = [...looked].filter((name) => !missing.includes(name));
  if (!unjudged.length) return "";
  const lists = { known: known.join(", "), missing: missing.join(", ") };
  return known.length ? t("only {known} looked at, not {missing}", lists) : t("nothing looked at, not {missing}", lists);
}

/** Returns the one sentence that says how the fleet stands. */
function howItStands() {
  const number = (kind) => kinds.get(kind) || 0;
  const ready = number("ready"), unjudged = number("not-judged"), open = number("open-points"), all = hosts.length;
  const but = open ? t(", {number} ready but for open points", { number: count(open) }) : "";
  const joined = hosts.filter((host) => host.joined), healthy = joined.filter((host) => host.kind === "ready").length;
  const total = plural(all, "host");
  if (all && unjudged === all) return t("{hosts}, not judged: {looked}.", { hosts: total, looked: lookedAt() });
  if (joined.length) {
    const rest = all - ready - open - unjudged;
    return t("{healthy} joined and healthy, {ready} ready to join{but}, {rest} not ready.",
      { healthy: count(healthy), ready: count(ready - healthy), but, rest: count(rest) });
  }
  if (all && ready === all) return t("All {hosts} ready to join.", { hosts: total });
  return t("{ready} of {hosts} ready to join{but}.", { ready: count(ready), hosts: total, but });
}

function drawCheckMode() {
  const dry = runs.filter((run) => run.checkMode);
  if (!dry.length) return;
  $("check-mode").hidden = false;
  $("check-mode").append(h("strong", {}, t("Check mode."), " "), dry.length === runs.length
    ? t("Nothing was changed on any host; what is listed as changed is what would have been.")
    : t("{dry} of {all} runs only looked: {runs}.",
      { dry: dry.length, all: runs.length, runs: dry.map((run) => clip(clean(run.id), 60)).join(", ") }));
}

function runLine(run) {
  return h("li", {},
    h("strong", {}, clip(clean(run.playbook || run.id), NAME_LONG)),
    h("span", {}, moment(run.started)),
    run.ended ? h("span", {}, t("took {time}", { time: duration(seconds(run.started, run.ended)) }))
      : h("span", { class: "cut" }, t("was ended before it was done")),
    run.checkMode ? h("span", { class: "cut" }, t("check mode")) : null,
    run.stopped ? h("span", { class: "cut" }, clip(clean(run.stopped), LONG)) : null,
    h("span", { class: "faint" }, clip(clean(run.id), NAME_LONG)));
}

/** Lists the runs. The slices of a job are many: what is to be said of some of them stays in sight. */
function drawRuns() {
  const isPlain = (run) => run.ended && !run.stopped && !run.checkMode;
  const plain = runs.length > FIRST_RUNS ? runs.filter(isPlain) : [];
  $("runs").append(...runs.filter((run) => !plain.includes(run)).map(runLine));
  if (!plain.length) return;
  const names = [...new Set(plain.map((run) => clip(clean(run.playbook || run.id), NAME_LONG)))].slice(0, FIRST_RUNS);
  $("runs").append(h("li", {}, h("details", {},
    h("summary", {}, t("{runs} of {names}", { runs: plural(plain.length, "run"), names: names.join(", ") })), h("ul", {}, plain.map(runLine)))));
}

function drawHead() {
  $("verdict").textContent = howItStands();
  document.title = t("Fleet readiness: {ready} of {all}", { ready: kinds.get("ready") || 0, all: hosts.length });
  drawCheckMode();
  drawRuns();
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
  const notes = { ready: cautious ? t("{number} with warnings", { number: count(cautious) }) : "", "not-judged": lookedAt() };
  $("tiles").append(
    h("div", { class: "tile" }, h("span", { class: "big" }, count(hosts.length)), h("span", {}, t("Hosts"))),
    ...KINDS.map((kind) => filterButton("state", kind, { class: `tile ${kind}${kinds.get(kind) ? "" : " zero"}` },
      h("span", { class: "big" }, count(kinds.get(kind) || 0)),
      h("span", {}, h("span", { class: "sign", "aria-hidden": "true" }, STATES[kind].sign), STATES[kind].word),
      h("small", {}, notes[kind]))));
  const verdicts = new Map();
  for (const id of hosts.flatMap((host) => host.verdicts)) {
    verdicts.set(statusOf(id), (verdicts.get(statusOf(id)) || 0) + standsFor(id));
  }
  $("totals").append(...Object.keys(STATUSES).filter((status) => verdicts.get(status)).map((status) =>
    h("span", {}, h("span", { class: `cell ${status}`, "aria-hidden": "true" }, STATUSES[status].sign),
      `${count(verdicts.get(status))} ${STATUSES[status].word.toLowerCase()}`)));
  if (!verdicts.size) $("totals").textContent = t("No verdict was returned.");
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
  const label = field === "wave" && value !== NONE ? t("Wave {value}", { value }) : shownOf(value);
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

const GROUPED = { region: t("By region"), site: t("By site"), wave: t("By wave") };

function drawBars() {
  for (const field of Object.keys(GROUPED)) {
    const groups = [...groupsOf(field)].sort(([a], [b]) => collator.compare(a, b));
    if (!groups.length || (groups.length === 1 && groups[0][0] === NONE)) continue;
    const list = h("div", { class: "bar-list" });
    const draw = (most) => list.replaceChildren(...groups.slice(0, most).map((group) => barRow(field, ...group)));
    draw(FIRST_GROUPS);
    const more = h("button", { type: "button", class: "more", onclick: () => { draw(Infinity); more.remove(); } },
      t("Show all {number}", { number: groups.length }));
    $("bars").append(h("div", { class: "card" }, h("h2", {}, GROUPED[field]), list,
      groups.length > FIRST_GROUPS ? more : null));
  }
  if (!$("bars").childElementCount) return;
  $("bars-legend").append(...KINDS.map((kind) => h("span", {},
    h("span", { class: `swatch part ${kind}`, "aria-hidden": "true" }), STATES[kind].word)));
}
