// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Copying to the clipboard, and saying so.
function say(text) {
  $("said").textContent = clean(text);
}

/** Copies by selection: works where a page from disk gets no clipboard. The area stays inside of an open dialog. */
function copyBySelection(text, near) {
  const area = h("textarea", { class: "unseen", readonly: true, "aria-hidden": "true", tabindex: "-1" });
  area.value = text;
  near.parentNode.append(area);
  area.select();
  let done = false;
  try { done = document.execCommand("copy"); } catch { done = false; }
  area.remove();
  near.focus();
  return done;
}

function copyButton(label, text, what) {
  const spoken = `${label}: ${clip(clean(what), 60)}`;
  const button = h("button", { type: "button", class: "copy", "aria-label": spoken }, label);
  button.addEventListener("click", async () => {
    const value = clean(typeof text === "function" ? text() : text);
    let done = true;
    try { await navigator.clipboard.writeText(value); } catch { done = copyBySelection(value, button); }
    button.textContent = done ? t("Copied") : t("Not copied");
    say(done ? t("Copied {what}", { what })
      : t("The browser does not let this page copy. Please select the text and copy it by hand."));
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  return button;
}

function command(text) {
  if (!text) return null;
  return h("div", { class: "command" }, prose("code", { tabindex: "0" }, text),
    copyButton(t("Copy"), text, t("the command")));
}
