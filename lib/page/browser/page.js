/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * The script of a run's page: links into it, copying of digests, pictures.
 *
 * @module
 */
import { say } from "./dom.js";
import { listenForLabels } from "./label_shards.js";
import { data } from "./page_state.js";
import { refresh, startGrid } from "./picture_grid.js";
import { startTools } from "./picture_tools.js";
import { startViewer } from "./picture_viewer.js";

/** Opens what a link within the page leads to. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.scrollIntoView();
}

/** @param {MouseEvent} event Copies the digest beside a button. */
async function copyDigest({ target: button }) {
  if (!(button instanceof HTMLButtonElement)) return;
  const code = button.matches(".copy") ? button.previousElementSibling : null;
  if (code === null) return;
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    button.textContent = "Copied";
    say("Copied");
  } catch {
    // Not allowed here: marked, so that the reader can copy it.
    getSelection()?.selectAllChildren(code);
    say("Selected: copy it by keyboard");
  }
}

addEventListener("hashchange", openTarget);
document.addEventListener("click", copyDigest);
if (location.hash.length > 1) openTarget();
if (data.sets.length > 0) {
  listenForLabels(refresh);
  startGrid();
  startViewer();
  startTools();
}
