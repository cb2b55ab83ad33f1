// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The language of the page. English is in the code; for another language, the page's data has what replaces it.
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);

/** Returns a text in the language of the page, with its values in place of {names}. */
function t(text, values = {}) {
  const said = Object.hasOwn(data.messages, text) ? data.messages[text] : text;
  // In one pass: a value with braces stays what it is.
  return said.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

const count = (number) => number.toLocaleString("en");

/** Returns a number with its noun; where the page has a text for that, the noun has one form. */
function plural(number, noun) {
  const one = `{number} ${noun}`, several = Object.hasOwn(data.messages, one) || number === 1 ? one : `${one}s`;
  return t(several, { number: count(number) });
}
