/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * The dialog that shows one picture large.
 *
 * @module
 */
import { addressOf, byId, control, drawing, element } from "./dom.js";
import {
  arrange,
  className,
  data,
  inPercent,
  pictureAt,
  state,
} from "./page_state.js";
import { draw, focusCell, grid, moveTo, refill } from "./picture_grid.js";
import { showOverlay, viewOf } from "./picture_view.js";

function dialog() {
  return /** @type {HTMLDialogElement} */ (byId("viewer"));
}

/** Lets pictures of the grid open, and the dialog go on to others. */
export function startViewer() {
  grid.onOpen = () => {
    fill();
    if (!dialog().open) dialog().showModal();
  };
  grid.onDraw = () => {
    if (dialog().open) showOverlay(byId("stage"), state.list[state.at]);
  };
  byId("before").addEventListener("click", () => goOn(-1));
  byId("after").addEventListener("click", () => goOn(1));
  byId("close").addEventListener("click", () => dialog().close());
  dialog().addEventListener("close", focusCell);
  dialog().addEventListener("keydown", (event) => {
    const by = event.key === "ArrowLeft" ? -1 : 1;
    const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    // Sliders and switches use the arrows themselves.
    if (!isArrow || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    goOn(by);
  });
}

/** @param {number} by */
function goOn(by) {
  moveTo(state.at + by);
  fill();
}

function fill() {
  const picture = pictureAt(state.at);
  const { id, width, height, classes } = picture;
  byId("viewer-title").textContent = `${id}, ${width} × ${height} px`;
  const view = viewOf(picture, picture.picture);
  const image = view.querySelector("img:not(.overlay)");
  const shown = classes.map(className).join(", ") || "no class";
  image?.setAttribute("alt", `Picture ${id}: ${shown}`);
  byId("stage").replaceChildren(view);
  byId("file").hidden = picture.picture === null;
  byId("file").setAttribute("href", addressOf(picture.picture ?? ""));
  byId("legend").replaceChildren(...classesIn(picture).map(legendItem));
  byId("scores").replaceChildren(
    ...state.set.layers.map(({ title }, i) => scoreRow(title, i)),
  );
  const last = state.list.length - 1;
  byId("before").toggleAttribute("disabled", state.at === 0);
  byId("after").toggleAttribute("disabled", state.at === last);
  keepFocus();
  showOverlay(byId("stage"), state.list[state.at]);
}

/** A button that is disabled must not take the keyboard with it. */
function keepFocus() {
  if (!document.activeElement?.matches("#viewer button:disabled")) return;
  const next = dialog().querySelector(".viewer-head button:enabled");
  /** @type {HTMLElement | null} */ (next)?.focus();
}

/**
 * Those of its boxes, truth and labels.
 *
 * @param {import("../browser_data.ts").BrowserPicture} picture
 */
function classesIn({ classes, classIou }) {
  const labelled = Object.keys(classIou[state.layer] ?? {}).map(Number);
  return [...new Set([...classes, ...labelled])].sort((a, b) => a - b);
}

/** @param {number} classId */
function legendItem(classId) {
  const size = { width: "14", height: "14" };
  const fill = data.colours[classId] ?? "#000";
  const swatch = drawing("svg", { ...size, "aria-hidden": "true" }, [
    drawing("rect", { ...size, fill }),
  ]);
  return element("span", {}, [swatch, className(classId)]);
}

/**
 * @param {string} title Of a layer.
 * @param {number} i Its index.
 */
function scoreRow(title, i) {
  const iou = pictureAt(state.at).iou[i] ?? null;
  const button = element("button", { type: "button" }, [title]);
  button.addEventListener("click", () => {
    takeLayer(i);
    const row = byId("scores").children[i];
    /** @type {HTMLElement | null} */ (row?.querySelector("button") ?? null)
      ?.focus();
  });
  const isChosen = i === state.layer;
  return element("tr", isChosen ? { "aria-current": "true" } : {}, [
    element("th", { scope: "row" }, [button]),
    element("td", { class: "number" }, [iou === null ? "–" : inPercent(iou)]),
  ]);
}

/** @param {number} layer Its labels are shown, of the same picture. */
function takeLayer(layer) {
  const index = state.list[state.at] ?? 0;
  state.layer = layer;
  control("tools", "layer").value = `${layer}`;
  arrange();
  state.at = Math.max(0, state.list.indexOf(index));
  refill();
  draw();
  fill();
}
