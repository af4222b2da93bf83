/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * The pictures of the run, and which of them are seen how.
 *
 * @module
 */
import { byId } from "./dom.js";

/** @typedef {import("../browser_data.ts").BrowserData} BrowserData */
/** @typedef {import("../browser_data.ts").BrowserSet} PictureSet */
/** @typedef {import("../browser_data.ts").BrowserPicture} Picture */

/** @type {BrowserData} */
export const data = JSON.parse(byId("data").textContent ?? "");

export const state = {
  /** There is one where this is used; see page.js. */
  set: /** @type {PictureSet} */ (data.sets[0]),
  /** Index of the labels whose IoU counts. */
  layer: 0,
  /** 0 for all. */
  classId: 0,
  /** `labels`, `truth` or `none`. */
  shown: "labels",
  /** Indices of the set's pictures, in the order in which they are seen. */
  list: /** @type {number[]} */ ([]),
  /** Position in the list that the keyboard is at. */
  at: 0,
};

/**
 * The picture at a position in the list.
 *
 * @param {number} at
 * @returns {Picture}
 */
export function pictureAt(at) {
  return pictureOf(/** @type {number} */ (state.list[at]));
}

/**
 * A picture of the set.
 *
 * @param {number} index
 * @returns {Picture}
 */
export function pictureOf(index) {
  return /** @type {Picture} */ (state.set.pictures[index]);
}

/**
 * The IoU in per mille that counts now, or null.
 *
 * @param {Picture} picture
 */
export function iouOf(picture) {
  const { layer, classId } = state;
  if (classId === 0) return picture.iou[layer] ?? null;
  return picture.classIou[layer]?.[classId] ?? null;
}

/**
 * Per mille as per cent.
 *
 * @param {number} iou
 */
export function inPercent(iou) {
  return (iou / 10).toFixed(1);
}

/**
 * The name of a class.
 *
 * @param {number} classId
 */
export function className(classId) {
  return state.set.classes[classId - 1] ?? `class ${classId}`;
}

/** Puts the pictures that are asked for into their order. */
export function arrange() {
  const { pictures } = state.set;
  const text = /** @type {HTMLInputElement} */ (document.querySelector(
    "#tools [name=text]",
  )).value.trim().toLowerCase();
  const order = /** @type {HTMLSelectElement} */ (document.querySelector(
    "#tools [name=order]",
  )).value;
  const isAsked = (/** @type {Picture} */ { id, classes }) =>
    (state.classId === 0 || classes.includes(state.classId)) &&
    id.toLowerCase().includes(text);
  state.list = [...pictures.keys()].filter((i) => isAsked(pictureOf(i)));
  if (order !== "name") sortByIou(order === "worst" ? 1 : -1);
  state.at = 0;
}

/** @param {1 | -1} sign Of equals the first by name; those without come last. */
function sortByIou(sign) {
  const ranks = state.set.pictures.map((picture) => {
    const iou = iouOf(picture);
    return iou === null ? Infinity : sign * iou;
  });
  const rankOf = (/** @type {number} */ i) => ranks[i] ?? Infinity;
  state.list.sort((a, b) =>
    rankOf(a) === rankOf(b) ? a - b : rankOf(a) - rankOf(b)
  );
}
