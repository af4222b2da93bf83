/**
 * Charts: a Vega-Lite description to SVG, without a browser.
 *
 * Nothing is fetched (the loader refuses) and nothing is evaluated (expressions
 * are interpreted): a chart holds only what it is given.
 *
 * @module
 */
import { h } from "preact";
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { CHART_CONFIG } from "./chart_theme.ts";
import type { Figure, FigureTable } from "./figure.ts";
import { svgDocument } from "./svg_document.ts";
import { LABEL_PX, textWidthPx } from "./text_width.ts";

/** Of Vega's, meant to be set; its types lack it. */
interface TextMetrics {
  width(item: { readonly fontSize?: number }, text: unknown): number;
}

// Else Vega takes text for half as wide again as it is; or measures it, with
// whatever fonts there are, where package canvas is about.
(vega as unknown as { textMetrics: TextMetrics }).textMetrics.width = (
  { fontSize = LABEL_PX },
  text,
) => textWidthPx(`${text ?? ""}`, fontSize);

/** A chart and the words that belong to it. */
export interface Chart extends Omit<Figure, "svg"> {
  readonly table: FigureTable;
  /** Vega-Lite; its data inside it. */
  readonly spec: TopLevelSpec;
}

/**
 * Draws a chart.
 *
 * @throws {RangeError} When it asks for data from elsewhere.
 *
 * @example
 * ```ts
 * import { chartFigure } from "./chart.ts";
 * import { match } from "node:assert";
 *
 * const { svg } = await chartFigure({
 *   id: "bars",
 *   title: "Bars",
 *   caption: "One bar.",
 *   alt: "A bar of 3.",
 *   table: { columns: ["bar", "height"], rows: [["a", "3"]] },
 *   spec: {
 *     data: { values: [{ name: "a", height: 3 }] },
 *     mark: "bar",
 *     encoding: {
 *       x: { field: "name", type: "nominal" },
 *       y: { field: "height", type: "quantitative" },
 *     },
 *   },
 * });
 * match(svg, /^<svg .*<title [^>]+>Bars</);
 * ```
 */
export async function chartFigure({ spec, ...words }: Chart): Promise<Figure> {
  const { spec: compiled } = compile(spec, { config: CHART_CONFIG });
  const asked: string[] = [];
  const errors: unknown[][] = [];
  const view = new vega.View(vega.parse(compiled, {}, { ast: true }), {
    renderer: "none",
    expr: expressionInterpreter,
    loader: refusing(asked),
    logger: vega.logger(
      vega.Error,
      "error",
      (_, __, told) => errors.push(told),
    ),
  });
  const drawn = await view.toSVG();
  view.finalize();
  assertNothing(asked);
  assertDrawn(words.id, errors);
  const { width, height, inside } = taken(drawn);
  const svg = svgDocument(
    { ...words, width, height },
    (prefix) =>
      h("g", {
        dangerouslySetInnerHTML: { __html: withOwnIds(inside, prefix) },
      }),
  );
  return { ...words, svg };
}

/** A loader that loads nothing, and keeps what it was asked for. */
function refusing(asked: string[]): vega.Loader {
  const refuse = (uri: string) => {
    asked.push(uri);
    return Promise.reject(new Error(`refused: ${uri}`));
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

/** Vega draws on without what it did not get. */
function assertNothing([uri]: readonly string[]): void {
  if (uri === undefined) return;
  throw new RangeError(
    `Cannot draw a chart as all its data must be in it: it asks for ` +
      JSON.stringify(uri),
  );
}

/** Vega draws on after an error, too. */
function assertDrawn(id: string, [told]: readonly unknown[][]): void {
  if (told === undefined) return;
  throw new Error(`Internal error: chart "${id}": ${told.join(" ")}`);
}

/** The size of a document of Vega's, and what is in it. */
function taken(
  svg: string,
): { width: number; height: number; inside: string } {
  const [, head, inside] = /^<svg ([^>]*)>([^]*)<\/svg>\s*$/.exec(svg)!;
  const px = (name: string) =>
    Number(new RegExp(` ${name}="([\\d.]+)"`).exec(` ${head}`)![1]);
  return { width: px("width"), height: px("height"), inside: inside! };
}

/**
 * Vega counts clip paths and gradients over the life of the process: here they
 * are numbered anew. In its tags `<`, `>` and `"` of data are escaped, so that
 * nothing but its own ids can match.
 */
function withOwnIds(svg: string, prefix: string): string {
  const numbers = new Map<string, number>();
  const renamed = (id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return `${prefix}-${numbers.get(id)}`;
  };
  return svg.replaceAll(/<[^>]*>/g, (tag) =>
    tag.replaceAll(
      /( id="|url\(#)((?:clip|gradient)[\w-]*)/g,
      (_, before, id) => before + renamed(id),
    ));
}
