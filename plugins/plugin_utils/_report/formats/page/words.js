// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words and signs of the page, and how many of something it shows at first.
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
const LONG = 600, NAME_LONG = 90, FIRST_CAUSES = 12, FIRST_PATHS = 6, FIRST_GROUPS = 8, FIRST_RUNS = 6,
  FIRST_NAMES = 300;
const $ = (id) => document.getElementById(id);
const collator = new Intl.Collator("en", { numeric: true });
const count = (number) => number.toLocaleString("en");
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
