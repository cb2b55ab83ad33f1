// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Causes, and what to hand over to the network team.
const CAUSE_KINDS = { ...STATUSES, unreachable: STATES.unreachable, "not started": STATES["not-started"],
  stopped: { word: t("Stopped"), sign: "\u2298" } };

function nodeList(cause) {
  const members = cause.hosts.map((index) => hosts[index]);
  const list = h("ul", { class: "names" });
  const draw = (most) => list.replaceChildren(...members.slice(0, most).map((host) => h("li", {},
    h("button", { type: "button", class: "name", onclick: () => panel.open(host) },
      clip(clean(host.name), NAME_LONG)))));
  const more = h("button", { type: "button", class: "more", onclick: () => { draw(Infinity); more.remove(); } },
    t("Show all {number} names", { number: count(members.length) }));
  const details = h("details", { class: "nodes-of" }, h("summary", {}, plural(members.length, "host")), list,
    members.length > FIRST_NAMES ? more : null);
  details.addEventListener("toggle", () => { if (details.open && !list.childElementCount) draw(FIRST_NAMES); });
  return details;
}

/** Returns a remedy; its advice is what the language of the page has for it, beside the sentence with the values. */
function remedyOf(remedy, advice) {
  if (!remedy) return null;
  return h("div", { class: "remedy" }, h("b", {}, t("To do")), h("div", {},
    advice ? prose("p", { class: "text advice" }, advice) : null,
    prose("p", { class: advice ? "text faint" : "text", lang: "en" }, remedy)));
}

function causeCard(cause, index) {
  const kind = Object.hasOwn(CAUSE_KINDS, cause.status) ? cause.status : "unproven";
  const names = () => cause.hosts.map((number) => hosts[number].name).join(",");
  const extra = cause.checks.filter((check) => !cause.title.includes(check));
  return h("article", { class: `cause ${kind.replace(" ", "-")}` },
    h("div", { class: "cause-head" }, badge(CAUSE_KINDS, kind),
      prose("h3", {}, cause.title || cause.summary, 160),
      h("span", { class: "how-many" }, plural(cause.hosts.length, "host"))),
    Object.hasOwn(FIXERS, cause.fixed_by) && cause.status !== "not started"
      ? h("p", { class: "fixer" }, FIXERS[cause.fixed_by]) : null,
    cause.summary && cause.summary !== cause.title ? prose("p", { class: "text", lang: "en" }, cause.summary) : null,
    remedyOf(cause.remedy, cause.advice),
    cause.reproduce ? h("div", { class: "remedy" }, h("b", {}, t("By hand")), command(cause.reproduce)) : null,
    extra.length ? prose("p", { class: "faint text" }, t("Checks: {checks}", { checks: extra.join(", ") }), 200) : null,
    h("div", { class: "cause-tools" }, nodeList(cause),
      h("button", { type: "button", onclick: () => {
        change({ ...START, cause: String(index + 1) });
        $("nodes").scrollIntoView({ block: "start" });
      } }, t("Show in table")),
      copyButton(t("Copy names"), names, t("the names of {hosts}", { hosts: plural(cause.hosts.length, "host") }))),
    h("p", { class: "names-print print-only" }));
}

function drawCauses(most = FIRST_CAUSES) {
  const list = $("cause-list");
  list.replaceChildren(...causes.slice(0, most).map(causeCard));
  if (causes.length > most) {
    list.append(h("button", { type: "button", onclick: () => drawCauses(Infinity) },
      t("Show all {number} causes", { number: causes.length })));
  }
  if (!causes.length) list.append(h("p", { class: "empty" }, t("No finding on any host.")));
}

function drawHandover() {
  document.querySelector("[data-jump='handover']").hidden = !data.handover;
  if (!data.handover) return;
  $("handover").hidden = false;
  $("handover-text").textContent = clean(data.handover);
  $("handover-copy").append(copyButton(t("Copy"), data.handover, t("the text for the network team")));
}
