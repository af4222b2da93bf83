/**
 * How many of the labels that the filling-rate loss leaves out are wrong, by
 * reading of the paper; docs/method.md, Filling-rate loss.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { readingsOf } from "../metric/filling_rate_readings.ts";
import { spreadText } from "../report/ablation_table.ts";
import { type Spread, spreadOf } from "../report/seed_statistics.ts";
import { chartFigure } from "./chart.ts";
import {
  OURS,
  PRINTED,
  SERIES_COLOURS,
  seriesEncoding,
} from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";

/** The shares that a reading has, and how each is drawn. */
const SHARES = [
  {
    key: "base_rate",
    name: "wrong of what it may leave out (chance)",
    colour: SERIES_COLOURS[5],
    shape: "stroke",
  },
  {
    key: "precision",
    name: "wrong of what it leaves out",
    colour: OURS,
    shape: "circle",
  },
  {
    key: "recall",
    name: "left out of what is wrong",
    colour: PRINTED,
    shape: "square",
    isHollow: true,
  },
] as const;

/** Shares of a reading over seeds, 0…1. */
interface Reading {
  readonly title: string;
  readonly shares: ReadonlyMap<string, Spread>;
}

/**
 * Precision and recall of what each reading leaves out, beside what chance
 * would reach; null when the run has not tested any.
 *
 * @example
 * ```ts
 * import { readingsFigure } from "./readings_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await readingsFigure({ stepsOf: () => [] }), null);
 * ```
 */
export async function readingsFigure(
  run: Pick<FigureSource, "stepsOf">,
): Promise<Figure | null> {
  const steps = run.stepsOf("test_filling_rate_readings");
  const readings = readingsIn(steps);
  if (readings.length === 0) return null;
  return await chartFigure({
    id: "ignored_wrong",
    title: "How much of what the filling-rate loss leaves out is wrong",
    caption: "For each reading of the filling-rate loss, at the scores of a " +
      "network on pictures it was trained on (" +
      steps.map(({ id }) => id).join(", ") +
      "), against ground truth: of the labels it leaves out, how many are " +
      "wrong; of all wrong labels but background, how many it leaves out. A " +
      "useful reading is well to the right of chance.",
    alt: "Per cent for each reading. " + readings.map(({ title, shares }) =>
      `${title}: ` +
      SHARES.flatMap(({ key, name }) => {
        const spread = shares.get(key);
        return spread ? [`${name} ${spreadText(spread)}`] : [];
      }).join(", ")
    ).join("; ") + ".",
    table: {
      columns: [
        "%",
        ...SHARES.map(({ name }) =>
          name
        ),
        "left out",
      ],
      rows: readings.map(({ title, shares }) => [
        title,
        ...[...SHARES.map(({ key }) => key), "ignored"].map((key) => {
          const spread = shares.get(key);
          return spread ? spreadText(spread) : "–";
        }),
      ]),
    },
    spec: shareSpec(readings),
  });
}

/** A line of marks for each reading. */
function shareSpec(readings: readonly Reading[]): TopLevelSpec {
  const titles = readings.map(({ title }) => title);
  const values = readings.flatMap(({ title, shares }) =>
    SHARES.flatMap(({ key, name: series }) => {
      const spread = shares.get(key);
      return spread ? [{ title, series, share: 100 * spread.mean }] : [];
    })
  );
  return {
    data: { values },
    width: 420,
    height: { step: 24 },
    mark: { type: "point", size: 80, opacity: 1, strokeWidth: 2 },
    encoding: {
      y: {
        field: "title",
        type: "nominal",
        sort: titles,
        axis: {
          title: null,
          grid: true,
          domain: false,
          ticks: false,
          labelPadding: 6,
        },
      },
      x: {
        field: "share",
        type: "quantitative",
        scale: { domain: [0, 100] },
        axis: { title: "%" },
      },
      ...seriesEncoding(SHARES),
    },
  };
}

const METRIC = /^readings\.([^.]+)\.(precision|base_rate|recall|ignored)$/;

/** In the order in which the stage tests them. */
function readingsIn(steps: readonly FigureStep[]): Reading[] {
  const values = new Map<string, Map<string, number[]>>();
  for (const { metrics } of steps) {
    for (const [metric, value] of Object.entries(metrics)) {
      const [, name, share] = METRIC.exec(metric) ?? [];
      if (name === undefined || share === undefined) continue;
      const ofReading = values.get(name) ?? new Map<string, number[]>();
      ofReading.set(share, [...ofReading.get(share) ?? [], value]);
      values.set(name, ofReading);
    }
  }
  return [...values].map(([name, shares]) => ({
    title: titleOf(name),
    shares: new Map([...shares].map(([key, of]) => [key, spreadOf(of)])),
  }));
}

/** Of readings, whatever their rates. */
const KNOWN = readingsOf({ ofClasses: [], global: 0, ofSubClasses: [] });

function titleOf(name: string): string {
  const refined = /^refine_(.+)$/.exec(name)?.[1];
  if (refined !== undefined) return `Refine by ${refined}`;
  if (name === "least_sure") return "the least sure labels, as many";
  if (name === "global") return "Global-loss";
  return KNOWN.find((reading) => reading.name === name)?.title ?? name;
}
