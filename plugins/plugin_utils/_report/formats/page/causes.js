// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Causes, and what to hand over to the network team.
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
