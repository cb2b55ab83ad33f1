// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One host, in a panel at the side.
const HISTORY = { ok: t("ok"), failed: t("failed"), stopped: t("stopped"), unreachable: t("unreachable"),
  "not started": t("not started") };
/** Returns how a host stood after an earlier run, as it is shown. */
const stateOf = (state) => (Object.hasOwn(HISTORY, state) ? HISTORY[state] : state);

const panel = {
  open(host, verdict) {
    const box = $("node");
    box.replaceChildren(this.head(host), this.body(host));
    if (!box.open) box.showModal();
    box.scrollTop = 0;
    view.node = host.name;
    writeHash();
    const target = verdict === undefined ? null : box.querySelector(`[data-verdict="${verdict}"]`);
    if (target) {
      const closed = target.closest("details");
      if (closed) closed.open = true;
      target.classList.add("asked");
      target.scrollIntoView({ block: "center" });
    }
    box.querySelector(target ? ".asked" : "#node-title").focus({ preventScroll: true });
  },

  head(host) {
    const place = shown.indexOf(host);
    const step = (by, label, sign) => h("button", { type: "button", class: "quiet", "aria-label": label,
      disabled: place < 0 || !shown[place + by],
      onclick: () => this.open(shown[place + by]) }, sign);
    return h("div", { class: "node-head" },
      h("div", { class: "node-line" }, badge(STATES, host.kind, wordOf(host)),
        h("span", { class: "push" }), step(-1, t("Previous host"), "\u2191"), step(1, t("Next host"), "\u2193"),
        h("button", { type: "button", id: "node-close", onclick: () => $("node").close() }, t("Close"))),
      prose("h2", { id: "node-title", tabindex: "-1" }, host.name, NAME_LONG));
  },

  body(host) {
    const run = runById.get(host.run) || { checkMode: false, playbook: host.run };
    const facts = [
      [t("Address"), host.address], [t("Region"), host.region], [t("Site"), host.site], [t("Wave"), host.wave],
      [t("Access mode"), modeOf(host.access_mode.replaceAll("_", " "))], [t("Run"), run.playbook],
      [t("Started"), moment(host.started)],
      [t("Duration"), host.time === null ? "" : duration(host.time)], [t("Failed task"), host.failed_task],
      [t("Looked at"), host.looked], [t("Not looked at"), host.missing],
    ].filter(([, value]) => value);
    const said = host.message || {
      "not-started": t("No task of the run has reached this host."),
      "not-judged": t("Nothing is known to be wrong, but not all was looked at: {missing}.", host),
      "open-points": t("Nothing is known to be wrong, but not proven: {checks}.",
        { checks: plural(Number(host.points), "required check") }),
    }[host.kind];
    return h("div", { class: "node-body" },
      said ? prose("p", { class: `message ${host.kind} text` }, said) : null,
      h("dl", { class: "facts" }, facts.map(([label, value]) =>
        h("div", {}, h("dt", {}, label), prose("dd", {}, value, 120)))),
      this.changed(host, run), this.verdicts(host), this.history(host));
  },

  changed(host, run) {
    const list = host.changed.map((number) => texts[number]);
    return h("section", {}, h("h3", {}, run.checkMode ? t("Would have been changed (check mode)") : t("Changed")),
      list.length ? h("ul", { class: "plain" }, list.map((task) => prose("li", {}, task, 200)))
        : h("p", { class: "faint" }, t("Nothing.")));
  },

  verdicts(host) {
    const tasks = new Map();
    for (const id of host.verdicts) {
      const { task } = verdictOf(id);
      if (!tasks.has(task)) tasks.set(task, []);
      tasks.get(task).push(id);
    }
    const rank = (id) => STATUSES[statusOf(id)].rank;
    const groups = [...tasks].map(([task, ids]) => [task, ids.sort((a, b) => rank(b) - rank(a))]);
    groups.sort(([, a], [, b]) => Math.max(rank(b[0]), 1) - Math.max(rank(a[0]), 1)); // stable: else as they ran
    if (!groups.length) return h("section", {}, h("h3", {}, t("Verdicts")), h("p", { class: "faint" }, t("None.")));
    return h("section", {}, groups.map(([task, ids]) => this.group(task, ids)));
  },

  group(task, ids) {
    const finding = (id) => STATUSES[statusOf(id)].finding;
    const rest = ids.filter((id) => !finding(id));
    const words = [...tally(rest, statusOf)]
      .map(([status, number]) => `${number} ${STATUSES[status].word.toLowerCase()}`);
    return h("div", { class: "task" }, prose("h3", {}, task || t("Verdicts"), 160),
      h("ul", { class: "verdicts" }, ids.filter(finding).map((id) => this.verdict(id))),
      rest.length ? h("details", { open: rest.length === ids.length && rest.length <= 6 },
        h("summary", {}, words.join(", ")), h("ul", { class: "verdicts" }, rest.map((id) => this.verdict(id)))) : null);
  },

  verdict(id) {
    const { check, status, summary, remedy, reproduce, advice } = verdictOf(id);
    return h("li", { class: `verdict ${status}`, "data-verdict": id, tabindex: "-1" },
      h("span", { class: `cell ${status}`, "aria-hidden": "true" }, STATUSES[status].sign),
      h("div", {},
        h("p", { class: "verdict-head" }, prose("b", {}, check, 120),
          h("span", { class: "faint" }, STATUSES[status].word)),
        prose("p", { class: "text", lang: "en" }, summary),
        remedyOf(remedy, advice),
        command(reproduce)));
  },

  history(host) {
    if (!host.history.length) return null;
    return h("section", {}, h("h3", {}, t("Earlier runs")), h("ul", { class: "plain" }, host.history.map((row) => {
      const { run, state, failed_task, message, ended } = named("history", row);
      return h("li", {}, clip(clean(stateOf(state)), 60),
        h("span", { class: "faint" }, ` ${moment(ended)} ${clip(clean(run), NAME_LONG)}`),
        failed_task || message ? prose("div", { class: "text" }, [failed_task, message].filter(Boolean).join(": ")) : null);
    })));
  },

  listen() {
    const box = $("node");
    box.addEventListener("close", () => {
      view.node = "";
      writeHash();
    });
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); }); // beside the panel
  },
};
