/**
 * Stage `test_filling_rate_readings`: which reading of the filling-rate loss
 * ignores wrong labels, told without training.
 *
 *   in   scores       of the baseline network, on pictures it was trained on
 *   in   proposals    the labels that the loss learns from
 *   in   truth        ground truth of these pictures
 *   in   boxes        by image id
 *   in   classes      names in the order of their ids
 *   in   sub_classes  of a step with an axis, such as `features`, or of one step
 *   in   rates        of a step with the same axis, in which the rates of the
 *                     sub-classes are
 *   out  table        Markdown
 *   out  metrics      readings.<reading>.precision, .base_rate, .recall,
 *                     .ignored, .lost; readings.<reading>.precision.<class>, …
 *
 * For each reading: of the labels that it would ignore, how many are wrong, and
 * of the wrong labels, how many it would ignore. Whole pictures are ranked, at
 * the cells that the loss sees; docs/method.md, Filling-rate loss.
 *
 * @module
 */
import * as z from "zod";
import {
  ignoredBy,
  leastSure,
  readingsOf,
} from "../lib/metric/filling_rate_readings.ts";
import {
  addIgnored,
  emptyIgnoredCounts,
  type IgnoredCounts,
  ignoredShares,
  totalIgnored,
} from "../lib/metric/ignored_labels.ts";
import { metricName } from "../lib/metric/metric_name.ts";
import { readingCells } from "../lib/metric/reading_cells.ts";
import { bracketLabels } from "../lib/report/bracket_labels.ts";
import { readingsTable } from "../lib/report/readings_table.ts";
import { defineStage, listOf, METRICS } from "../pipeline/mod.ts";
import {
  BOXES,
  CLASS_NAMES,
  FILLING_RATES,
  type FillingRates,
  LABEL_MAPS,
  MARKDOWN,
  SCORE_MAPS,
  SUB_CLASSES,
} from "./artifacts.ts";

const Params = z.strictObject({
  title: z.string().default("What the filling-rate loss ignores")
    .describe("of the page"),
  globalRate: z.number().min(0).max(1).default(0.6)
    .describe("one for all classes, the paper's Global"),
});

/** Tests readings of the filling-rate loss. */
export const testFillingRateReadings = defineStage({
  name: "test_filling_rate_readings",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: {
    scores: SCORE_MAPS,
    proposals: LABEL_MAPS,
    truth: LABEL_MAPS,
    boxes: BOXES,
    classes: CLASS_NAMES,
    sub_classes: listOf(SUB_CLASSES),
    rates: listOf(FILLING_RATES),
  },
  outputs: { table: MARKDOWN, metrics: METRICS },
  async run({ params, inputs, progress, log }) {
    const { classes, truth } = inputs;
    const ids = inputs.scores.ids.filter((id) => truth.has(id));
    assertThere(inputs.rates.length, ids.length);
    log(`${inputs.scores.ids.length - ids.length} images have no ground truth`);
    const clusterings = clusteringsOf(inputs.sub_classes, inputs.rates);
    const readings = readingsOf({
      ofClasses: inputs.rates[0]!.value.map(({ fillingRate }) => fillingRate),
      global: params.globalRate,
      ofSubClasses: clusterings,
    });
    const results = [
      ...readings,
      { name: "least_sure", title: "the least sure labels, as many" },
    ].map((of) => ({ ...of, counts: classes.map(emptyIgnoredCounts) }));
    for (const [i, id] of ids.entries()) {
      const picture = readingCells({
        imageId: id,
        scores: await inputs.scores.read(id),
        proposal: await inputs.proposals.read(id),
        truth: await truth.read(id),
        boxes: (await inputs.boxes.read(id)).boxes,
        subClassSets: subClassSetsOf(id, clusterings),
      }, classes.length + 1);
      const { cells } = picture;
      const ignored = readings.map((reading) => ignoredBy(reading, cells));
      const count = ignored[0]!.ignored.reduce((sum, one) => sum + one, 0);
      [...ignored, leastSure(cells, count)].forEach((selected, r) =>
        addIgnored(results[r]!.counts, {
          ...selected,
          labels: cells.labels,
          truth: picture.truth,
        })
      );
      progress(i + 1, ids.length, "images");
    }
    const { title } = params;
    const page = { title, imageCount: ids.length, classNames: classes };
    const metrics = results.map((result) => metricsOf(result, classes));
    return {
      table: readingsTable({ ...page, results }),
      metrics: Object.assign({}, ...metrics),
    };
  },
});

function assertThere(rates: number, pictures: number): void {
  const refused = "Cannot test readings as";
  if (rates === 0) {
    throw new RangeError(
      `${refused} input "rates" must have the filling rates of a step: 0`,
    );
  }
  if (pictures > 0) return;
  throw new RangeError(
    `${refused} there must be ground truth of a picture with scores: of none`,
  );
}

/** Boxes clustered in one way, and the rates of the clusters. */
interface Clustering {
  readonly name: string;
  /** By image id, for each box. */
  readonly subClasses: Readonly<Record<string, readonly number[]>>;
  /** `[K][subClasses]`. */
  readonly rates: readonly (readonly (number | null)[])[];
}

/** Pairs sub-classes with rates by the labels of their steps. */
function clusteringsOf(
  subClasses: readonly {
    readonly step: string;
    readonly value: Clustering["subClasses"];
  }[],
  rates: readonly { readonly step: string; readonly value: FillingRates }[],
): Clustering[] {
  return subClasses.map(({ step, value }) => {
    const name = clusteringName(step);
    const measured = rates.find((each) => clusteringName(each.step) === name);
    if (measured === undefined) {
      throw new RangeError(
        `Cannot test sub-classes of step "${step}" as a step with the same ` +
          `labels must give their rates: there are ` +
          rates.map((each) => `"${each.step}"`).join(", "),
      );
    }
    return {
      name,
      subClasses: value,
      rates: measured.value.map((ofClass) =>
        ofClass.subClasses.map(({ fillingRate }) => fillingRate)
      ),
    };
  });
}

/** `mask` of `sub_classes[features=mask]`; `sub_classes` of no labels. */
function clusteringName(step: string): string {
  const labels = Object.values(bracketLabels(step)).map(metricName);
  return labels.join("_") || "sub_classes";
}

function subClassSetsOf(
  id: string,
  clusterings: readonly Clustering[],
): Record<string, readonly number[]> {
  return Object.fromEntries(
    clusterings.map(({ name, subClasses }) => [name, subClasses[id] ?? []]),
  );
}

function metricsOf(
  { name, counts }: {
    readonly name: string;
    readonly counts: readonly IgnoredCounts[];
  },
  classes: readonly string[],
): Record<string, number> {
  const { baseRate, ...others } = ignoredShares(totalIgnored(counts));
  const values: [string, number | null][] = [
    ...Object.entries(others),
    ["base_rate", baseRate],
    ...classes.flatMap((className, k): [string, number | null][] => {
      const { precision, recall } = ignoredShares(counts[k]!);
      const key = metricName(className);
      return [[`precision.${key}`, precision], [`recall.${key}`, recall]];
    }),
  ];
  return Object.fromEntries(
    values.flatMap(([key, value]) =>
      value === null ? [] : [[`readings.${name}.${key}`, value]]
    ),
  );
}
