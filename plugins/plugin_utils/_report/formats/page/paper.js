// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paper.
/** Paper has every cause with its nodes and a table of the nodes that are not ready; the matrix stays on the screen. */
function drawPrint() {
  drawPaths(Infinity);
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
  return $("print").replaceChildren(h("h2", {}, t("Hosts that are not ready")), h("table", {},
    h("thead", {}, h("tr", {}, [t("Host"), t("State"), t("Region"), t("Site"), t("Wave"), t("What fails")].map((label) =>
      h("th", { scope: "col" }, label)))),
    h("tbody", {}, left.map((host) => h("tr", {}, [host.name, wordOf(host), host.region, host.site, host.wave,
      wrong(host)].map((text) => h("td", {}, clip(clean(text), 300))))))));
}
