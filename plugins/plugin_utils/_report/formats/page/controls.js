// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filters above the matrix.
const controls = {
  draw() {
    const option = (value, label) => {
      const made = h("option", {}, clip(clean(label), 60));
      made.value = value;
      return made;
    };
    const options = (values) => [option("", t("All")), ...values.map(([value, label]) => option(value, label))];
    const stated = (kind) => [kind, `${STATES[kind].word} (${kinds.get(kind) || 0})`];
    $("state").append(...options(STATE_ORDER.filter((kind) => KINDS.includes(kind)).map(stated)));
    for (const field of ["region", "site", "wave"]) {
      const values = [...groupsOf(field).keys()].sort(collator.compare);
      $(field).append(...options(values.map((value) => [value, shownOf(value)])));
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
    h("li", {}, h("span", { class: "cell", "aria-hidden": "true" }), t("Not looked at")));
  },
  show() {
    for (const field of FILTERS) $(field).value = view[field];
    if ($("q").value !== view.q) $("q").value = view.q;
    for (const old of $("sort").querySelectorAll("[data-check]")) old.remove();
    if (view.sort.startsWith("check:")) {
      const made = h("option", { "data-check": "" }, 
        t("Check {check}", { check: clip(clean(view.sort.slice(6)), 50) }));
      made.value = view.sort;
      $("sort").append(made);
    }
    $("sort").value = view.sort;
    $("findings").checked = view.cols === "findings";
    const cause = view.cause && causes[Number(view.cause) - 1], end = endOf(view.end);
    $("chips").replaceChildren(...[
      cause ? this.chip(t("Cause: {title}", { title: cause.title }), { cause: "" }) : null,
      end ? this.chip(t("Path of {name} ends {place}",
        { name: paths[view.end.split(".")[0] - 1].name, place: end.place }), { end: "" }) : null,
    ].filter(Boolean));
  },
  chip(text, without) {
    return h("button", { type: "button", class: "chip", onclick: () => change(without) }, clip(clean(text), 80),
      h("span", { "aria-hidden": "true" }, " \u2715"), h("span", { class: "unseen" },  t(" (remove)")));
  },
};
