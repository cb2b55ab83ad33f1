// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The data: the JSON block of the page, in which texts and verdicts are numbers that point into tables.
const texts = data.texts;

/** Returns {name of a field: its text} of a row that the page's maker has turned into numbers. */
function named(kind, row) {
  return Object.fromEntries(data.fields[kind].map((field, index) => [field, texts[row[index]]]));
}

const STRIDE = data.fields.verdict.length + 2;
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

/** Returns how many verdicts one stands for: those that passed may be a count. */
const standsFor = (id) => data.verdicts[id * STRIDE + STRIDE - 2];

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

const paths = data.paths.map((row) => ({
  ...row, ...named("path", row.texts), hops: row.hops.map(([hop, number]) => [texts[hop], number]),
  ends: row.ends.map(([own, found, members]) => ({
    ...named("end", own), checks: found.map((number) => texts[number]), hosts: members,
  })),
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
  return host.kind === "open-points" ? t("Ready but for {points}", { points: plural(Number(host.points), "open point") })
    : STATES[host.kind].word;
}

function badge(words, kind, word = words[kind].word) {
  return h("span", { class: `badge ${kind.replace(" ", "-")}` },
    h("span", { class: "sign", "aria-hidden": "true" }, words[kind].sign), word);
}
