// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Light and dark.
const theme = {
  system: matchMedia("(prefers-color-scheme: dark)"),
  stored() {
    // Some browsers keep nothing for pages from disk.
    try { return localStorage.getItem("ack-edge-theme"); } catch { return null; }
  },
  set(value) {
    if (value) document.documentElement.dataset.theme = value;
    const dark = (document.documentElement.dataset.theme || (this.system.matches ? "dark" : "light")) === "dark";
    $("theme").textContent = dark ? t("Light") : t("Dark");
    $("theme").setAttribute("aria-label", dark ? t("Use light colours") : t("Use dark colours"));
    $("theme").onclick = () => {
      const wanted = dark ? "light" : "dark";
      try { localStorage.setItem("ack-edge-theme", wanted); } catch { /* then it holds for this visit */ }
      this.set(wanted);
    };
  },
  listen() {
    const stored = this.stored();
    this.set(["dark", "light"].includes(stored) ? stored : "");
    this.system.addEventListener("change", () => this.set(""));
  },
};
