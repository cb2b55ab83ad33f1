// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text that came from nodes. Whatever came from a node goes through clean() and into the page as a text node; nothing
// on the page makes markup out of text, and its policy would refuse it.
/** Returns a text as it may be shown: colour codes removed, all that is invisible or turns text around made visible. */
function clean(text) {
  if (/^[\x20-\x7e\n]*$/.test(text)) return text;
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\x1b\[[0-9;:]*m/g, "")
    .replace(/\t/g, "    ")
    .replace(/[\x00-\x09\x0b-\x1f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(/\x7f/g, "\u2421")
    // Format characters (bidi controls, zero width space, tags) but for joiners and the soft hyphen, which words need.
    .replace(/[\x80-\x9f\u2028\u2029]|(?![\u200c\u200d\u00ad])\p{Cf}|\p{Cs}/gu,
      (sign) => `\u27e8U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`)
    .replace(/(\p{M}{4})\p{M}+/gu, "$1"); // marks that pile up over their neighbours
}

function clip(text, most) {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, "") + "\u2026";
}

function setAttribute(element, name, value) {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, clean(String(value)));
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) setAttribute(element, name, value);
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(String(child))));
  }
  return element;
}

/** Makes an element; children are nodes or texts, and texts are cleaned here so that none can be forgotten. */
function h(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an element of a picture, as h() does for the rest of the page. */
function s(tag, attributes, ...children) {
  return filled(document.createElementNS($("drawing").content.firstElementChild.namespaceURI, tag), attributes, children);
}

/** Returns an element with a text, and where it is long, with its beginning and a button for the rest. */
function prose(tag, attributes, text, most = LONG) {
  const whole = clean(text);
  const element = h(tag, attributes, clip(whole, most));
  if (whole.length <= most) return element;
  const more = h("button", { type: "button", class: "more", onclick: () => {
    element.textContent = whole;
    element.setAttribute("tabindex", "-1");
    element.focus();
  } }, t("Show all {number} characters", { number: count(whole.length) }));
  element.append(" ", more);
  return element;
}

function seconds(from, to) {
  const span = (Date.parse(to) - Date.parse(from)) / 1000;
  return span >= 0 ? span : null;
}

function duration(span) {
  if (span === null) return "\u2013";
  const whole = Math.round(span);
  const parts = [[Math.floor(whole / 3600), "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
  const first = parts.findIndex(([value]) => value > 0);
  return first < 0 ? "0 s" : parts.slice(first, first + 2).map(([value, unit]) => `${value} ${unit}`).join(" ");
}

function moment(text) {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}
