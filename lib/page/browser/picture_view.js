/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * One picture with its labels over it, and its boxes.
 *
 * @module
 */
import { addressOf, drawing, element } from "./dom.js";
import { overlayOf } from "./label_shards.js";
import { data } from "./page_state.js";

/** @typedef {import("../browser_data.ts").BrowserPicture} Picture */

/**
 * A picture with place for labels.
 *
 * @param {Picture} picture
 * @param {string | null} path The picture's file, or a smaller one.
 */
export function viewOf(picture, path) {
  const below = path === null
    ? element("span", { class: "gone" }, ["picture not there"])
    : element("img", { alt: "", src: addressOf(path), decoding: "async" });
  const overlay = element("img", { alt: "", class: "overlay", hidden: "" });
  const children = [below, overlay, boxesOf(picture)];
  return element("span", { class: "view" }, children);
}

/** @param {Picture} picture */
function boxesOf({ width, height, boxes }) {
  const rects = ["halo", "edge"].flatMap((style) =>
    boxes.map(([classId = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0]) =>
      drawing("rect", {
        class: style,
        x: `${x0}`,
        y: `${y0}`,
        width: `${x1 - x0}`,
        height: `${y1 - y0}`,
        ...(style === "edge" && { stroke: data.colours[classId] ?? "#000" }),
      })
    )
  );
  const viewBox = `0 0 ${width} ${height}`;
  return drawing("svg", { viewBox, "aria-hidden": "true" }, rects);
}

/**
 * Shows over a picture what is asked for, as soon as it is there.
 *
 * @param {Element} parent Holds the picture.
 * @param {number | undefined} index Of the picture; undefined for none.
 */
export function showOverlay(parent, index) {
  const image = parent.querySelector("img.overlay");
  if (!(image instanceof HTMLImageElement) || index === undefined) return;
  const address = overlayOf(index);
  image.hidden = address === null;
  if (address === null) image.removeAttribute("src");
  else if (image.src !== address) image.src = address;
}
