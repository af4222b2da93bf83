/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * Elements of the page: finding and making them.
 *
 * @module
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element that the page has.
 *
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  return /** @type {any} */ (document.getElementById(id));
}

/**
 * A new HTML element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {readonly (Node | string)[]} [children]
 */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  setAll(made, attributes);
  made.append(...children);
  return made;
}

/**
 * A new SVG element.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {readonly Node[]} [children]
 */
export function drawing(tag, attributes, children = []) {
  const made = document.createElementNS(SVG, tag);
  setAll(made, attributes);
  made.append(...children);
  return made;
}

/**
 * @param {Element} made
 * @param {Record<string, string>} attributes
 */
function setAll(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
}

/**
 * A control of a form.
 *
 * @param {string} form Id of the form.
 * @param {string} name
 * @returns {HTMLInputElement & HTMLSelectElement}
 */
export function control(form, name) {
  const { elements } = /** @type {HTMLFormElement} */ (byId(form));
  return /** @type {any} */ (elements.namedItem(name));
}

/**
 * The address of a file beside the page, whose name may have any letters.
 *
 * @param {string} path
 */
export function addressOf(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

/**
 * Tells something to those who hear the page.
 *
 * @param {string} text
 */
export function say(text) {
  byId("said").textContent = text;
}
