// SPDX-FileCopyrightText: 2026 The ack_edge.node authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Begin: draws everything once, and listens.
function openFromHash() {
  const host = view.node && hostByName.get(view.node);
  if (host) panel.open(host);
  else if ($("node").open) $("node").close();
}

theme.listen();
drawHead();
drawCounts();
drawBars();
drawPaths();
drawCauses();
drawHandover();
controls.draw();
grid.listen();
panel.listen();
readHash();
update();
openFromHash();
addEventListener("hashchange", () => { readHash(); update(); openFromHash(); });
addEventListener("beforeprint", drawPrint);
matchMedia("print").addEventListener("change", (media) => { if (media.matches) drawPrint(); });
// Drawn means that a frame with the rows has been made: what the benchmark waits for.
requestAnimationFrame(() => setTimeout(() => performance.mark("drawn")));
