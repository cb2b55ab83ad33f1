// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The picture of one path: a box for each stop, and between them a band as wide as the part of the hosts that goes on.
// Drawn twice, from left to right for wide pages and downwards for narrow ones; the style shows one of them.
const BAND = 14, ARROW = 7;

/** Returns what stands at each stop: its name, a fact, the hosts that end there, and how many come and go on. */
function stopsOf(path) {
  let left = path.hosts;
  return path.stops.map(([stop, name], index) => {
    const ended = path.ends.filter((end) => end.stop === stop).reduce((sum, end) => sum + end.hosts.length, 0);
    const here = index ? 0 : unknownOf(path), came = left;
    left -= ended + here;
    const last = index === path.stops.length - 1;
    const notes = [
      ["bad", "\u2715", ended, ended === 1 ? t("ends here") : t("end here")],
      ["faint", "\u2013", here, t("not checked")],
      ["good", "\u2713", last && path.through, t("through")],
      ["open", "?", last && path.unproven.length, t("not proven")],
    ].filter(([, , number]) => number)
      .map(([kind, sign, number, words]) => ({ kind, sign, text: `${count(number)} ${words}` }));
    return { stop, name, fact: factOf(path, stop), ended, came, left, notes };
  });
}

function factOf(path, stop) {
  if (stop === "host") return plural(path.hosts, "host");
  if (stop === "service") return path.endpoints ? plural(path.endpoints, "endpoint") : "";
  if (stop !== "next_hop" || !path.hops.length) return "";
  const hop = clean(path.hops[0][0]);
  if (path.hops.length > 1) return t("{number} in use", { number: count(path.hops.length) });
  return hop.length <= "255.255.255.255".length ? hop : clip(hop, 13); // what a box has room for
}

/** Where things stand, from left to right: boxes side by side, what ends below them. */
function across(stops) {
  const width = stops.length > 4 ? 112 : 128, height = 56, gap = (640 - stops.length * width) / (stops.length - 1);
  const left = (index) => index * (width + gap), middle = { "text-anchor": "middle" };
  const notes = Math.max(...stops.map((stop) => stop.notes.length));
  return {
    kind: "across", total: [-8, 0, 656, height + 8 + 19 * notes],
    box: (index) => ({ x: left(index) + 1, y: 1, width: width - 2, height }),
    band: (index) => ({ x: left(index) + width + 3, y: height / 2 + 6, length: gap - 6, turn: 0 }),
    number: (index) => ({ x: left(index) + width + gap / 2 - 2, y: 16, ...middle }),
    note: (index, line) => ({ x: left(index) + width / 2, y: height + 19 * (line + 1), ...middle }),
  };
}

/** Where things stand, downwards: boxes below each other, what ends beside them. */
function down(stops) {
  const width = 150, height = 52, gap = 34;
  const top = (index) => 1 + index * (height + gap);
  return {
    kind: "down", total: [0, 0, 320, top(stops.length) - gap + 1],
    box: (index) => ({ x: 1, y: top(index), width, height }),
    band: (index) => ({ x: width / 2, y: top(index) + height + 3, length: gap - 6, turn: 90 }),
    number: (index) => ({ x: width / 2 + 16, y: top(index) + height + gap / 2 + 4 }),
    note: (index, line) => ({ x: width + 14, y: top(index) + 22 + line * 19 }),
  };
}

/** A band to the next stop with the number of hosts that go on; broken where none does. */
function bandOf(stop, place, number, all) {
  const where = { transform: `translate(${place.x} ${place.y}) rotate(${place.turn})` };
  if (!stop.left) {
    return [s("line", { class: "gone", x1: 0, y1: 0, x2: place.length, y2: 0, ...where }),
      s("text", { class: "number", ...number }, "0")];
  }
  const half = Math.max(BAND * stop.left / all, 1.5) / 2, neck = place.length - ARROW, head = half + 3;
  const shape = `M0 ${-half}H${neck}V${-head}L${place.length} 0L${neck} ${head}V${half}H0Z`;
  return [s("path", { class: "band", d: shape, ...where }), s("text", { class: "number", ...number }, count(stop.left))];
}

function boxOf(stop, place) {
  const middle = { x: place.x + place.width / 2, "text-anchor": "middle" };
  return [
    s("rect", { class: `stop ${stop.ended ? "ended" : stop.came ? "" : "beyond"}`, rx: 9, ...place }),
    s("text", { class: "name", ...middle, y: place.y + place.height / 2 + (stop.fact ? -4 : 5) }, stop.name),
    stop.fact ? s("text", { class: "fact", ...middle, y: place.y + place.height / 2 + 15 }, stop.fact) : null,
  ];
}

function pictureOf(path, about, layout) {
  const stops = stopsOf(path), places = layout(stops);
  const parts = stops.map((stop, index) => [
    boxOf(stop, places.box(index)),
    index < stops.length - 1 ? bandOf(stop, places.band(index), places.number(index), path.hosts) : [],
    stop.notes.map((note, line) => s("text", { class: `note ${note.kind}`, ...places.note(index, line) },
      `${note.sign} ${note.text}`)),
  ]);
  const [, , width, height] = places.total, size = { viewBox: places.total.join(" "), width, height };
  return s("svg", { class: `picture ${places.kind}`, role: "img", "aria-label": about, ...size }, parts.flat(2));
}

/** Returns the picture in words. */
function inWords(path) {
  const said = stopsOf(path).map((stop) => {
    const notes = stop.notes.map((note) => note.text).join(", ");
    return `${[stop.name, stop.fact].filter(Boolean).join(", ")}: ${notes || t("none ends here")}`;
  });
  return t("Path of {name}. {stops}.", { name: clip(clean(path.name), NAME_LONG), stops: said.join(". ") });
}

function pictures(path) {
  return [across, down].map((layout) => pictureOf(path, inWords(path), layout));
}
