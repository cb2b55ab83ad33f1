// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The matrix of hosts and checks.
const ROW = 32, AROUND = 12; // height of a row in CSS pixels, as in the style; rows drawn beyond the visible ones
const FIXED = [["name", t("Host")], ["fails", t("Fails")], ["time", t("Time")]];

const grid = {
  columns: [], rows: new Map(), row: -1, column: 0,

  /** Takes in what is shown now. Only rows near the visible part are in the page. */
  fill() {
    const used = new Set();
    for (const host of shown) {
      for (const [column, id] of host.cells) {
        if (view.cols !== "findings" || STATUSES[statusOf(id)].finding) used.add(column);
      }
    }
    this.columns = [...used].sort((a, b) => a - b);
    this.row = shown.length ? 0 : -1;
    this.column = Math.min(this.column, FIXED.length + this.columns.length - 1);
    const box = $("grid");
    box.style.setProperty("--columns", this.columns.length);
    box.setAttribute("aria-rowcount", shown.length + 1);
    box.setAttribute("aria-colcount", FIXED.length + this.columns.length);
    $("grid-body").style.height = `${Math.max(shown.length, 1) * ROW}px`;
    $("grid-head").replaceChildren(this.head());
    $("grid-body").replaceChildren();
    this.rows.clear();
    box.scrollTop = 0;
    if (shown.length) this.draw();
    else $("grid-body").append(h("p", { class: "empty" }, t("No host matches. Clear a filter to see more.")));
  },

  head() {
    const cell = (column, sort, label, fixed) => {
      const on = view.sort === sort;
      const first = sort === "name" || sort.startsWith("check:") ? "ascending" : "descending";
      const other = first === "ascending" ? "descending" : "ascending";
      return h("div", { role: "columnheader", class: `th ${fixed}`, "aria-colindex": column + 1, "data-column": column,
        "aria-sort": on ? (view.desc ? other : first) : null, tabindex: this.tab(-1, column), title: label },
      h("span", {}, label));
    };
    return h("div", { role: "row", class: "tr", "aria-rowindex": "1" },
      FIXED.map(([sort, label], column) => cell(column, sort, label, sort)),
      this.columns.map((number, index) => cell(FIXED.length + index, `check:${checks[number]}`,
        clip(clean(checks[number]), NAME_LONG), "check")));
  },

  tab(row, column) {
    return row === this.row && column === this.column ? "0" : "-1";
  },

  draw() {
    const box = $("grid"), top = box.scrollTop;
    const from = Math.max(Math.floor(top / ROW) - AROUND, 0);
    const to = Math.min(Math.ceil((top + box.clientHeight) / ROW) + AROUND, shown.length);
    for (const [index, element] of this.rows) {
      // The row with the tab stop stays, or the keyboard would lose its place.
      if ((index < from || index >= to) && index !== this.row) { element.remove(); this.rows.delete(index); }
    }
    const wanted = new Set(this.row >= 0 ? [this.row] : []);
    for (let index = from; index < to; index += 1) wanted.add(index);
    const fresh = document.createDocumentFragment();
    for (const index of wanted) {
      if (!this.rows.has(index)) { this.rows.set(index, this.line(index)); fresh.append(this.rows.get(index)); }
    }
    $("grid-body").append(fresh);
  },

  line(index) {
    const host = shown[index];
    const line = h("div", { role: "row", class: `tr ${host.kind}`, "aria-rowindex": index + 2, "data-row": index });
    line.style.top = `${index * ROW}px`;
    const name = clip(clean(host.name), NAME_LONG);
    line.append(
      h("div", { role: "rowheader", class: "name", "aria-colindex": 1, "data-column": 0, tabindex: this.tab(index, 0),
        "aria-label": `${name}: ${wordOf(host)}` },
      h("span", { class: `state ${host.kind}`, "aria-hidden": "true" }, STATES[host.kind].sign),
      h("span", { class: "host" }, name)),
      h("div", { role: "gridcell", class: "fails", "aria-colindex": 2, "data-column": 1, tabindex: this.tab(index, 1),
        "aria-label": plural(host.fails, "fail") }, host.fails || ""),
      h("div", { role: "gridcell", class: "time", "aria-colindex": 3, "data-column": 2, tabindex: this.tab(index, 2) },
        duration(host.time)));
    this.columns.forEach((number, place) => {
      const id = host.cells.get(number), column = FIXED.length + place;
      const status = id === undefined ? "" : statusOf(id);
      const word = status ? STATUSES[status].word : t("not looked at");
      line.append(h("div", { role: "gridcell", class: `cell ${status}`, "aria-colindex": column + 1,
        "data-column": column, tabindex: this.tab(index, column),
        "aria-label": `${clip(clean(checks[number]), 60)}: ${word}` }, status ? STATUSES[status].sign : ""));
    });
    return line;
  },

  /** The check of a column and the node's verdict on it, for the hint and for opening the node there. */
  verdictAt(row, column) {
    const number = this.columns[column - FIXED.length];
    return number === undefined ? undefined : shown[row].cells.get(number);
  },

  place(element) {
    const cell = element.closest("[data-column]");
    if (!cell) return null;
    const line = cell.closest("[data-row]");
    return { cell, row: line ? Number(line.dataset.row) : -1, column: Number(cell.dataset.column) };
  },

  cell(row, column) {
    const line = row < 0 ? $("grid-head").firstChild : this.rows.get(row);
    return line && line.children[column];
  },

  go(row, column) {
    const old = this.cell(this.row, this.column);
    if (old) old.setAttribute("tabindex", "-1");
    this.row = Math.min(Math.max(row, -1), shown.length - 1);
    this.column = Math.min(Math.max(column, 0), FIXED.length + this.columns.length - 1);
    this.reveal();
    this.draw();
    const cell = this.cell(this.row, this.column);
    cell.setAttribute("tabindex", "0");
    cell.focus({ preventScroll: true });
  },

  /** Scrolls the box, never the page, so that the cell is not under the head or the names. */
  reveal() {
    const box = $("grid"), head = $("grid-head").offsetHeight;
    if (this.row >= 0) {
      const top = this.row * ROW, room = box.clientHeight - head - ROW;
      box.scrollTop = Math.min(Math.max(box.scrollTop, top - room), top);
    }
    const first = $("grid-head").firstChild;
    if (this.column > 0) {
      const side = first.children[0].offsetWidth, cell = first.children[this.column];
      const left = cell.offsetLeft - side, right = cell.offsetLeft + cell.offsetWidth - box.clientWidth;
      box.scrollLeft = Math.max(Math.min(box.scrollLeft, left), right);
    } else box.scrollLeft = 0;
  },

  press(row, column) {
    if (row >= 0) return panel.open(shown[row], this.verdictAt(row, column));
    const sort = column < FIXED.length ? FIXED[column][0] : `check:${checks[this.columns[column - FIXED.length]]}`;
    change({ sort, desc: view.sort === sort && !view.desc ? "1" : "" });
    this.go(-1, column);
    return undefined;
  },

  key(event) {
    const page = Math.max(Math.floor(($("grid").clientHeight - $("grid-head").offsetHeight) / ROW) - 1, 1);
    const last = FIXED.length + this.columns.length - 1;
    const moves = {
      ArrowUp: [this.row - 1, this.column], ArrowDown: [this.row + 1, this.column],
      ArrowLeft: [this.row, this.column - 1], ArrowRight: [this.row, this.column + 1],
      PageUp: [Math.max(this.row - page, 0), this.column], PageDown: [this.row + page, this.column],
      Home: [event.ctrlKey ? 0 : this.row, 0], End: [event.ctrlKey ? shown.length - 1 : this.row, last],
    };
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") this.press(this.row, this.column);
    else if (moves[event.key]) this.go(...moves[event.key]);
    else return;
    event.preventDefault();
  },

  listen() {
    const box = $("grid");
    let asked = false;
    const redraw = () => {
      if (asked || !shown.length) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; this.draw(); });
    };
    box.addEventListener("scroll", redraw, { passive: true });
    addEventListener("resize", redraw);
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("click", (event) => {
      const place = this.place(event.target);
      if (!place) return;
      this.go(place.row, place.column);
      this.press(place.row, place.column);
    });
    box.addEventListener("focusin", (event) => {
      const place = this.place(event.target);
      if (!place || (place.row === this.row && place.column === this.column)) return;
      const old = this.cell(this.row, this.column);
      if (old) old.setAttribute("tabindex", "-1");
      [this.row, this.column] = [place.row, place.column];
      place.cell.setAttribute("tabindex", "0");
    });
    box.addEventListener("mouseover", (event) => {
      const place = this.place(event.target);
      if (!place || place.row < 0 || place.cell.title) return;
      const id = this.verdictAt(place.row, place.column), host = shown[place.row];
      const said = id === undefined ? `${host.name}: ${host.message || STATES[host.kind].word}`
        : `${verdictOf(id).check}: ${verdictOf(id).summary}`;
      place.cell.title = clip(clean(said), 300);
    });
  },
};
