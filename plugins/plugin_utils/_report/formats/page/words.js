// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words and signs of the page, and how many of something it shows at first.
const STATES = {
  "not-ready": { word: t("Not ready"), sign: "\u2715" },
  unreachable: { word: t("Unreachable"), sign: "\u2298" },
  "not-started": { word: t("Never started"), sign: "\u25cb" },
  "not-judged": { word: t("Not judged"), sign: "\u2013" },
  "open-points": { word: t("Ready but for open points"), sign: "?" },
  ready: { word: t("Ready"), sign: "\u2713" },
};
const STATE_ORDER = Object.keys(STATES); // worst first
// The higher the rank, the worse: of two verdicts on one check, the matrix shows the worse.
const STATUSES = {
  fail: { word: t("Fail"), sign: "\u2715", rank: 5, finding: true },
  "fail-optional": { word: t("Fail (optional)"), sign: "\u2715", rank: 4, finding: true },
  warn: { word: t("Warn"), sign: "!", rank: 3, finding: true },
  open: { word: t("Open point"), sign: "?", rank: 2.5, finding: true },
  unproven: { word: t("Unproven (optional)"), sign: "?", rank: 2, finding: true },
  pass: { word: t("Pass"), sign: "\u2713", rank: 1, finding: false },
  skipped: { word: t("Skipped"), sign: "\u2013", rank: 0, finding: false },
};
const SORTS = { state: t("Worst first"), name: t("Name"), fails: t("Most fails"), time: t("Longest") };
const NONE = "(none)"; // stands for an empty region, site or wave in filters
const MODES = { "leased line": t("leased line"), internet: t("internet") };
const FIXERS = {
  prepare_edge: t("prepare_edge fixes this"),
  network: t("For the network team"),
  operator: t("For the operator"),
};
const LONG = 600, NAME_LONG = 90, FIRST_CAUSES = 12, FIRST_PATHS = 6, FIRST_GROUPS = 8, FIRST_RUNS = 6,
  FIRST_NAMES = 300;
const collator = new Intl.Collator("en", { numeric: true });

/** Returns a region, site or wave as it is shown. */
const shownOf = (value) => (value === NONE ? t("(none)") : value);
/** Returns an access mode as it is shown. */
const modeOf = (mode) => (Object.hasOwn(MODES, mode) ? MODES[mode] : mode);
