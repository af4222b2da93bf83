/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * The controls: those of the toolbar, of which the viewer repeats some.
 *
 * @module
 */
import { byId, control, element } from "./dom.js";
import { arrange, className, data, state } from "./page_state.js";
import { refill, refresh } from "./picture_grid.js";

/** @typedef {import("../browser_data.ts").BrowserSet} PictureSet */

/** Takes what the controls say, now and whenever one of them changes. */
export function startTools() {
  for (const form of ["tools", "viewer-tools"]) {
    byId(form).addEventListener("input", take);
    byId(form).addEventListener("submit", (event) => event.preventDefault());
  }
  // A browser that goes back restores what was chosen.
  setOpacity(control("tools", "opacity").value);
  setBoxes(control("tools", "boxes").checked);
  setShown(control("tools", "shown").value);
  takeSet();
}

/** @param {Event} event */
function take({ target }) {
  const { name, value, checked } = /** @type {HTMLInputElement} */ (target);
  const part = name.replace("viewer-", "");
  if (part === "set") takeSet();
  if (part === "layer") state.layer = Number(value);
  if (part === "class") state.classId = Number(value);
  if (part === "shown") setShown(value);
  if (part === "opacity") setOpacity(value);
  if (part === "boxes") setBoxes(checked);
  if (!["layer", "class", "order", "text"].includes(part)) return;
  arrange();
  refill();
}

/** Shows the set that is chosen, by its best labels. */
function takeSet() {
  const set = data.sets[Number(control("tools", "set").value)];
  if (set === undefined) return;
  Object.assign(state, { set, layer: bestLayer(set), classId: 0 });
  const layers = set.layers.map(({ title }, i) => optionOf(i, title));
  control("tools", "layer").replaceChildren(...layers);
  control("tools", "layer").value = `${state.layer}`;
  const seen = new Set(set.pictures.flatMap(({ classes }) => classes));
  const classes = [...seen].sort((a, b) => a - b)
    .map((id) => optionOf(id, className(id)));
  control("tools", "class").replaceChildren(optionOf(0, "all"), ...classes);
  for (const input of document.querySelectorAll("input[value=truth]")) {
    input.toggleAttribute("disabled", set.truth === null);
  }
  control("tools", "order").disabled = set.truth === null;
  if (state.shown === "truth" && set.truth === null) setShown("labels");
  arrange();
  refill();
}

/**
 * @param {number} value
 * @param {string} text
 */
function optionOf(value, text) {
  return element("option", { value: `${value}` }, [text]);
}

/** @param {PictureSet} set */
function bestLayer({ layers, pictures }) {
  const sums = layers.map((_, i) =>
    pictures.reduce((sum, { iou }) => sum + (iou[i] ?? 0), 0)
  );
  // Of equals the last: without truth, what was made of the others.
  return sums.lastIndexOf(Math.max(...sums));
}

/** @param {string} shown `labels`, `truth` or `none`. */
function setShown(shown) {
  state.shown = shown;
  control("tools", "shown").value = shown;
  control("viewer-tools", "viewer-shown").value = shown;
  refresh();
}

/** @param {string} percent */
function setOpacity(percent) {
  control("tools", "opacity").value = percent;
  control("viewer-tools", "viewer-opacity").value = percent;
  document.body.style.setProperty("--opacity", `${Number(percent) / 100}`);
}

/** @param {boolean} isOn */
function setBoxes(isOn) {
  control("tools", "boxes").checked = isOn;
  control("viewer-tools", "viewer-boxes").checked = isOn;
  byId("grid").classList.toggle("unboxed", !isOn);
  byId("stage").classList.toggle("unboxed", !isOn);
}
