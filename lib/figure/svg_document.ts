/**
 * SVG documents: the frame that every figure has.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type ComponentChildren, h } from "preact";
import { renderToString } from "preact-render-to-string";
import { FONT } from "./chart_theme.ts";

/** What a document says of itself. */
export interface SvgAbout {
  /** Of the figure, snake_case. */
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  /** px, as drawn at 100 %. */
  readonly width: number;
  readonly height: number;
}

/** Text colours of GitHub's light and dark schemes; a page may set its own. */
const [INK, CHALK] = ["#1f2328", "#e6edf3"];

/** Characters that no XML may hold, however written. */
const NOT_XML =
  // deno-lint-ignore no-control-regex -- these are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/**
 * A whole SVG document, with title and description for those who hear it.
 *
 * The ids of `draw` must begin with the prefix it is given: the figure's id and
 * a digest of what is drawn, so that figures of two runs can share a page.
 *
 * @param draw Makes what is in it, all coordinates in px from the top left.
 *
 * @example
 * ```ts
 * import { svgDocument } from "./svg_document.ts";
 * import { h } from "preact";
 * import { match } from "node:assert";
 *
 * const about = { id: "dot", title: "<dot>", alt: "A dot", width: 9, height: 9 };
 * const svg = svgDocument(about, () => h("circle", { r: 4 }));
 * match(svg, /<title [^>]+>&lt;dot><\/title>/);
 * ```
 */
export function svgDocument(
  { id, title, alt, width, height }: SvgAbout,
  draw: (prefix: string) => ComponentChildren,
): string {
  const drawn = renderToString(h("g", null, draw("")));
  const digest = createHash("sha256").update(drawn).digest("hex").slice(0, 8);
  const prefix = `fig-${id}-${digest}`;
  // `:where` weighs nothing: any rule of a page that this stands in is stronger.
  const style = `:where(#${prefix}){color:${INK}}` +
    `@media (prefers-color-scheme:dark){:where(#${prefix}){color:${CHALK}}}`;
  const svg = renderToString(h(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      id: prefix,
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-labelledby": `${prefix}-title ${prefix}-desc`,
      "font-family": FONT,
    },
    h("title", { id: `${prefix}-title` }, title),
    h("desc", { id: `${prefix}-desc` }, alt),
    h("style", null, style),
    draw(prefix),
  ));
  return svg.toWellFormed().replaceAll(NOT_XML, "\ufffd") + "\n";
}
