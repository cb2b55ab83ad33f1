// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is shown: filters, sorting, and the link that has both.
const FILTERS = ["state", "region", "site", "wave", "status"];
const START = {
  q: "", state: "", region: "", site: "", wave: "", status: "", sort: "state", desc: "", cols: "", cause: "", end: "", node: "",
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

/** Returns the end of a path that a filter names, such as "2.1": the first end of the second path. */
function endOf(name) {
  const [path, end] = name.split(".").map((number) => Number(number) - 1);
  return paths[path] && paths[path].ends[end];
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
  const end = endOf(view.end);
  if (end) {
    const members = new Set(end.hosts);
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
  const all = { hosts: plural(hosts.length, "host"), number: count(shown.length) };
  $("shown").textContent = shown.length === hosts.length ? t("All {hosts}", all) : t("{number} of {hosts}", all);
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
