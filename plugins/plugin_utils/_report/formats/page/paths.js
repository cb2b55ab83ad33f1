// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The paths of the sites: the picture of each, and its ends in words with a way to their hosts.
function endLine(end, name) {
  const hostsOf = plural(end.hosts.length, "host"), place = clip(clean(end.place), 120);
  const endpoints = end.checks.length === 1 ? clip(clean(end.checks[0]), 60) : plural(end.checks.length, "endpoint");
  const how = { place, why: clip(clean(end.why), 160), endpoints };
  const show = () => {
    change({ ...START, end: name });
    $("nodes").scrollIntoView({ block: "start" });
  };
  return h("li", {},
    h("span", { class: "sign", "aria-hidden": "true" }, "\u2715"),
    h("div", {},
      h("p", { class: "text" }, h("b", {}, hostsOf), end.hosts.length === 1
        ? t(" ends {place}: {why}; {endpoints}", how) : t(" end {place}: {why}; {endpoints}", how)),
      Object.hasOwn(FIXERS, end.fixed_by) ? h("p", { class: "fixer" }, FIXERS[end.fixed_by]) : null),
    h("button", { type: "button", "aria-label": `${t("Show in table")}: ${hostsOf} ${place}`, onclick: show }, t("Show in table")));
}

/** Returns how many hosts of a path were not checked. */
function unknownOf(path) {
  return path.unknown.reduce((sum, [, members]) => sum + members.length, 0);
}

function unknownLine(path) {
  const parts = path.unknown.map(([why, members]) => `${count(members.length)} ${why}`);
  return h("li", { class: "faint" }, h("span", { class: "sign", "aria-hidden": "true" }, "\u2013"),
    h("p", {}, t("{hosts} not checked: {parts}", { hosts: plural(unknownOf(path), "host"), parts: parts.join(", ") })));
}

/** Returns how many hosts get through, in words. */
function throughOf(path) {
  const these = { number: count(path.through), hosts: plural(path.hosts, "host") };
  if (path.through === path.hosts) {
    return path.hosts === 1 ? t("{hosts} reaches every service", these) : t("All {hosts} reach every service", these);
  }
  return path.through === 1 ? t("{number} of {hosts} reaches every service", these)
    : t("{number} of {hosts} reach every service", these);
}

/** Returns a line with the next hops where the picture has no room for them. */
function hopLine(path) {
  const several = path.hops.length > 1;
  if (!several && !path.hops.some(([hop]) => hop.length > 15)) return null;
  const each = path.hops.map(([hop, number]) => `${hop} (${plural(number, "host")})`);
  return prose("p", { class: "faint text" }, 
    several ? t("Next hops: {hops}", { hops: each.join(", ") }) : t("Next hop: {hops}", { hops: each.join(", ") }), 200);
}

function pathCard(path, index) {
  const name = path.name || t("No site");
  const more = [path.region, path.access_mode.replaceAll("_", " ")].filter((text) => text && !path.name.includes(text));
  return h("article", { class: "path" },
    h("div", { class: "path-head" }, prose("h3", {}, name, NAME_LONG),
      h("span", { class: "faint" }, more.map((text) => clip(clean(modeOf(text)), 60)).join(", ")),
      h("span", { class: `through ${path.ends.length ? "" : "whole"}` }, throughOf(path))),
    unknownOf(path) < path.hosts ? pictures(path) : null,
    hopLine(path),
    h("ul", { class: "end-list" }, path.ends.map((end, number) => endLine(end, `${index + 1}.${number + 1}`)),
      path.unknown.length ? unknownLine(path) : null));
}

function drawPaths(most = FIRST_PATHS) {
  document.querySelector("[data-jump='paths']").hidden = !paths.length;
  $("paths").hidden = !paths.length;
  const list = $("path-list");
  list.replaceChildren(...paths.slice(0, most).map(pathCard));
  if (paths.length > most) {
    list.append(h("button", { type: "button", onclick: () => drawPaths(Infinity) }, 
      t("Show all {number} paths", { number: paths.length })));
  }
}
