/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * The grid of pictures, of which only those near the window are there: ten
 * thousand cost no more than fifty.
 *
 * @module
 */
import { byId, element } from "./dom.js";
import { className, inPercent, iouOf, pictureAt, state } from "./page_state.js";
import { showOverlay, viewOf } from "./picture_view.js";

const SMALLEST_CELL_PX = 148;
const GAP_PX = 10;
const CAPTION_PX = 26;
/** Rows beyond the window that are there already. */
const SPARE_ROWS = 2;

/** Cells that are there, by position in the list. */
const cells = /** @type {Map<number, HTMLElement>} */ (new Map());

/** Height by width of the set's pictures; see {@link refill}. */
let heightShare = 0.75;

let isRefreshDue = false;

/** What a click on a picture does; the viewer sets it. */
export const grid = { onOpen: () => {}, onDraw: () => {} };

/** Makes all cells anew, as other pictures are asked for. */
export function refill() {
  const { pictures } = state.set;
  const shares = pictures.map(({ width, height }) => height / width)
    .sort((a, b) => a - b);
  const middle = shares[Math.floor(shares.length / 2)] ?? 0.75;
  heightShare = Math.min(1.2, Math.max(0.6, middle));
  for (const cell of cells.values()) cell.remove();
  cells.clear();
  const count = state.list.length;
  const all = `${pictures.length} picture${pictures.length === 1 ? "" : "s"}`;
  byId("count").textContent = count === pictures.length
    ? all
    : `${count} of ${all}`;
  refresh();
}

/** Draws soon, and once however often it is asked for. */
export function refresh() {
  if (isRefreshDue) return;
  isRefreshDue = true;
  requestAnimationFrame(() => {
    isRefreshDue = false;
    draw();
  });
}

function measure() {
  const width = byId("grid").clientWidth;
  const columns = Math.max(
    2,
    Math.floor((width + GAP_PX) / (SMALLEST_CELL_PX + GAP_PX)),
  );
  const cellPx = Math.floor((width - GAP_PX * (columns - 1)) / columns);
  const viewPx = Math.round(cellPx * heightShare);
  return { columns, cellPx, viewPx, rowPx: viewPx + CAPTION_PX + GAP_PX };
}

/** Makes the cells that are near, removes the others, and places all. */
export function draw() {
  const size = measure();
  const { from, to } = near(size);
  for (const [at, cell] of cells) {
    // The one that has the keyboard stays, so that it keeps it.
    if (at >= from && at < to || at === state.at) continue;
    cell.remove();
    cells.delete(at);
  }
  for (let at = from; at < to; at++) {
    if (!cells.has(at)) addCell(at);
  }
  // The one that Tab leads to, wherever the window is.
  if (state.at < state.list.length && !cells.has(state.at)) addCell(state.at);
  for (const [at, cell] of cells) place(cell, at, size);
  grid.onDraw();
}

/** @param {ReturnType<typeof measure>} size Positions near the window. */
function near({ columns, rowPx }) {
  const rows = Math.ceil(state.list.length / columns);
  byId("grid").style.height = `${Math.max(0, rows * rowPx - GAP_PX)}px`;
  const top = -byId("grid").getBoundingClientRect().top;
  const first = Math.floor(top / rowPx) - SPARE_ROWS;
  const last = Math.ceil((top + innerHeight) / rowPx) + SPARE_ROWS;
  return {
    from: Math.max(0, first * columns),
    to: Math.min(state.list.length, Math.max(0, last) * columns),
  };
}

/** @param {number} at */
function addCell(at) {
  const cell = element("div", {
    role: "listitem",
    "aria-setsize": `${state.list.length}`,
    "aria-posinset": `${at + 1}`,
  }, [buttonOf(at)]);
  cells.set(at, cell);
  // In their order, for those who hear them one after another.
  const after = [...cells.keys()].filter((other) => other > at);
  const next = after.length > 0 ? cells.get(Math.min(...after)) : null;
  byId("grid").insertBefore(cell, next ?? null);
}

/** @param {number} at */
function buttonOf(at) {
  const picture = pictureAt(at);
  const iou = iouOf(picture);
  const value = iou === null ? "" : `${inPercent(iou)} %`;
  const button = element("button", {
    type: "button",
    class: "cell",
    "aria-label": [
      `${picture.id} ${iou === null ? "no" : value} IoU`,
      ...picture.classes.map(className),
    ].join(", "),
  }, [
    viewOf(picture, picture.thumbnail),
    element("span", { class: "caption" }, [
      element("span", {}, [picture.id]),
      " ",
      element("span", { class: "number" }, [value]),
    ]),
  ]);
  button.addEventListener("click", () => {
    moveTo(at);
    grid.onOpen();
  });
  return button;
}

/**
 * @param {HTMLElement} cell
 * @param {number} at
 * @param {ReturnType<typeof measure>} size
 */
function place(cell, at, { columns, cellPx, viewPx, rowPx }) {
  const x = at % columns * (cellPx + GAP_PX);
  const y = Math.floor(at / columns) * rowPx;
  cell.style.width = `${cellPx}px`;
  cell.style.height = `${rowPx - GAP_PX}px`;
  cell.style.transform = `translate(${x}px, ${y}px)`;
  const button = /** @type {HTMLElement} */ (cell.firstElementChild);
  button.tabIndex = at === state.at ? 0 : -1;
  const view = /** @type {HTMLElement} */ (button.firstElementChild);
  view.style.height = `${viewPx}px`;
  showOverlay(button, state.list[at]);
}

/**
 * Moves what the keyboard is at.
 *
 * @param {number} at Is kept within the list.
 */
export function moveTo(at) {
  const before = state.at;
  state.at = Math.max(0, Math.min(state.list.length - 1, at));
  if (before !== state.at) draw();
}

/** Scrolls to the cell that the keyboard is at, and gives it the focus. */
export function focusCell() {
  const { columns, rowPx } = measure();
  const top = byId("grid").getBoundingClientRect().top +
    Math.floor(state.at / columns) * rowPx;
  const tools = byId("tools");
  const isSticky = getComputedStyle(tools).position === "sticky";
  const above = Math.min(0, top - (isSticky ? tools.offsetHeight : 0));
  const beyond = Math.max(0, top + rowPx - innerHeight) || above;
  if (beyond !== 0) scrollBy({ top: beyond, behavior: "instant" });
  draw();
  const button = cells.get(state.at)?.firstElementChild;
  if (button instanceof HTMLElement) button.focus({ preventScroll: true });
}

/** Lets the arrow keys walk, and the grid follow scrolling and resizing. */
export function startGrid() {
  byId("grid").addEventListener("keydown", (event) => {
    const move = moveBy(event.key);
    if (move === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(state.at + move);
    focusCell();
  });
  addEventListener("scroll", refresh, { passive: true });
  // What grows above the grid moves it, too.
  const observer = new ResizeObserver(refresh);
  for (const it of [byId("grid"), document.body]) observer.observe(it);
}

/**
 * @param {string} key
 * @returns {number | undefined}
 */
function moveBy(key) {
  const { columns, rowPx } = measure();
  const page = columns * Math.max(1, Math.floor(innerHeight / rowPx) - 1);
  const all = state.list.length;
  /** @type {Record<string, number>} */
  const moves = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -page,
    PageDown: page,
    Home: -all,
    End: all,
  };
  return moves[key];
}
