/**
 * How charts look: one font, one set of colours, for paper and screen.
 *
 * Light and dark: neutral parts take `currentColor`, which the SVG sets by the
 * viewer's scheme and a page may set again; colours of data are of middle
 * lightness, at least 3 : 1 against white and against a dark page (WCAG 1.4.11
 * for graphics), so that one file reads on both. Colour vision: the hues are
 * those of Okabe and Ito, darkened where they were too light for white, and
 * every series has a shape or dash of its own besides.
 *
 * @module
 */
import type { Config } from "vega-lite";

/** Fonts of the system; nothing is fetched. */
export const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/** Text and lines that carry no data. */
export const NEUTRAL = "currentColor";

/** Of series, in this order. */
export const SERIES_COLOURS = [
  "#0f75b5", // blue
  "#d55e00", // vermilion
  "#009068", // bluish green
  "#b5609a", // reddish purple
  "#8d7200", // olive, for Okabe and Ito's yellow
  "#7a7f87", // grey
] as const;

/** The first of them: what is ours, where something is not. */
export const OURS = SERIES_COLOURS[0];

/** The second: what others printed. */
export const PRINTED = SERIES_COLOURS[1];

/** Vega-Lite's settings for all charts. */
export const CHART_CONFIG: Config = {
  background: "transparent",
  font: FONT,
  aria: false,
  axis: {
    labelColor: NEUTRAL,
    titleColor: NEUTRAL,
    domainColor: NEUTRAL,
    domainOpacity: 0.5,
    tickColor: NEUTRAL,
    tickOpacity: 0.5,
    gridColor: NEUTRAL,
    gridOpacity: 0.15,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 0,
    titleLimit: 0,
    // Else those at the ends are moved towards their neighbours.
    labelFlush: false,
  },
  legend: {
    labelColor: NEUTRAL,
    titleColor: NEUTRAL,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 0,
    titleLimit: 0,
    symbolStrokeWidth: 2,
    // Of symbols that stand for a dash or a shape alone.
    symbolStrokeColor: NEUTRAL,
  },
  header: {
    labelColor: NEUTRAL,
    titleColor: NEUTRAL,
    labelFontSize: 12,
    labelLimit: 0,
  },
  title: { color: NEUTRAL, fontSize: 12, fontWeight: "normal" },
  text: { color: NEUTRAL, fontSize: 11 },
  rule: { color: NEUTRAL },
  view: { stroke: null },
  range: { category: [...SERIES_COLOURS] },
};

/** One of the things that a chart compares. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  /** Of Vega-Lite: `circle`, `square`, `diamond`, `stroke`, … */
  readonly shape: string;
  /** Whether only its outline is drawn. */
  readonly isHollow?: boolean;
}

/** Characters; longer names stand below each other in a legend. */
const WIDE_NAME = 24;

/**
 * How the points of series are told apart: by colour and by shape, with one
 * legend above the chart, if there are several. Data have the name of the series in `series`.
 *
 * @example
 * ```ts
 * import { OURS, seriesEncoding } from "./chart_theme.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const series = [{ name: "ours", colour: OURS, shape: "circle" }];
 * deepStrictEqual(seriesEncoding(series).fill.scale.range, [OURS]);
 * ```
 */
export function seriesEncoding(series: readonly Series[]) {
  const domain = series.map(({ name }) => name);
  const isWide = domain.some((name) => name.length > WIDE_NAME);
  const legend = domain.length === 1 ? null : {
    title: null,
    orient: "top" as const,
    ...(isWide && { columns: 1 }),
  };
  const encoded = (range: readonly string[]) => ({
    field: "series",
    type: "nominal" as const,
    scale: { domain, range: [...range] },
    legend,
  });
  return {
    stroke: encoded(series.map(({ colour }) => colour)),
    fill: encoded(
      series.map(({ colour, isHollow }) => isHollow ? "transparent" : colour),
    ),
    shape: encoded(series.map(({ shape }) => shape)),
  };
}

/**
 * How lines are told apart: by colour and by dash, so that there may be more of
 * them than there are colours.
 *
 * @param domain Names of the lines, in the order of the legend.
 * @param field Of the data, in which the names are.
 *
 * @example
 * ```ts
 * import { lineEncoding, SERIES_COLOURS } from "./chart_theme.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { color } = lineEncoding(["fr", "global"], "variant");
 * deepStrictEqual(color.scale.range, [...SERIES_COLOURS]);
 * ```
 */
export function lineEncoding(domain: readonly string[], field: string) {
  const range = [...SERIES_COLOURS];
  const dashes = domain.map((_, i) =>
    [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]][
      (i + Math.floor(i / range.length)) % 4
    ]!
  );
  const legend = { title: null, symbolType: "stroke", symbolSize: 300 };
  return {
    color: {
      field,
      type: "nominal" as const,
      scale: { domain: [...domain], range },
      legend,
    },
    strokeDash: {
      field,
      type: "nominal" as const,
      scale: { domain: [...domain], range: dashes },
      legend,
    },
  };
}
