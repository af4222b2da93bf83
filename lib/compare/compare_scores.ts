/**
 * What two runs say of images: IoU of each class, and image by image how sure
 * the difference of their mean IoUs is.
 *
 * @module
 */
import { seededRandom } from "../random.ts";
import { percent } from "../report/markdown_table.ts";
import { type ClassIouChange, classIouChanges } from "./class_ious.ts";
import {
  type ImageChange,
  type ImageFlips,
  imageFlips,
} from "./image_flips.ts";
import { type IouDifference, pairedBootstrap } from "./paired_bootstrap.ts";
import {
  countPair,
  type RunSide,
  type ScoredPair,
  type ScoredStep,
} from "./scored_pair.ts";

/** Two runs and their steps, as `compare` hands them over. */
export interface ScoredRuns {
  readonly a: RunSide;
  readonly b: RunSide;
  readonly pairs: readonly {
    readonly name: string;
    readonly a: ScoredStep | null;
    readonly b: ScoredStep | null;
  }[];
  /** Of the bootstrap, 0…2³² − 1. */
  readonly seed: number;
  /** Whether label maps are to be left alone. */
  readonly isSummary: boolean;
}

/** Texts for people, and `data` for scripts. */
export interface ScoreSection {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly tables: readonly {
    readonly title: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** Rows that are in the data only. */
    readonly left: number;
  }[];
  readonly data: unknown;
}

/** Steps that score label maps, by their stage. */
const SCORING = "score_labels";

/** Rows of a table. */
const ROWS = 20;

/** Images named. */
const IMAGES = 10;

/**
 * Compares what the runs scored.
 *
 * @example
 * ```ts
 * import { compareScores } from "./compare_scores.ts";
 * import { strictEqual } from "node:assert";
 *
 * const none = { ok: false, why: "left out" } as const;
 * const run = { inputItems: () => none, value: () => Promise.resolve(none) };
 * const step = (iou: number) => ({
 *   id: "scores",
 *   stage: "score_labels",
 *   inputs: { labels: `labels of ${iou}`, truth: "masks" },
 *   metrics: { "x.iou.cat": iou },
 * });
 * const pairs = [{ name: "scores", a: step(0.5), b: step(0.25) }];
 * const [classes, images] = await compareScores(
 *   { a: run, b: run, pairs, seed: 1, isSummary: false },
 * );
 * const [row] = classes!.tables[0]!.rows;
 * strictEqual(row?.join(), "scores,cat,50.0,25.0,-25.0");
 * strictEqual(images!.lines[0], "Not known of scores: of A, left out");
 * ```
 */
export async function compareScores(
  runs: ScoredRuns,
): Promise<ScoreSection[]> {
  const pairs = runs.pairs.filter((pair): pair is ScoredPair =>
    pair.a?.stage === SCORING && pair.b?.stage === SCORING
  );
  if (pairs.length === 0) return [];
  return [classSection(pairs), await imageSection(pairs, runs)];
}

function classSection(pairs: readonly ScoredPair[]): ScoreSection {
  const all = pairs.flatMap(({ name, a, b }) =>
    classIouChanges(a.metrics, b.metrics)
      .map((change) => ({ step: name, ...change }))
  );
  const moved = all.filter(({ a, b }) => a !== b)
    .toSorted((x, y) => sizeOf(y) - sizeOf(x));
  const same = all.length - moved.length;
  return {
    id: "classes",
    title: "IoU of each class",
    lines: [`${same} of ${all.length} are the same`],
    tables: tableOf(
      "IoU, %, the largest change first",
      ["step", "class", "A", "B", "points"],
      moved.map(({ step, className, a, b }) => [
        step,
        className,
        percent(a),
        percent(b),
        a === null || b === null ? "–" : points(b - a),
      ]),
    ),
    data: all,
  };
}

/** A class that is gone, or new, is a large change. */
function sizeOf({ a, b }: ClassIouChange): number {
  return a === null || b === null ? Infinity : Math.abs(b - a);
}

/** What is found of one step. */
interface StepImages {
  readonly step: string;
  readonly state: "counted" | "same" | "unknown";
  readonly why?: string;
  readonly iou?: IouDifference | null;
  readonly flips?: ImageFlips;
}

async function imageSection(
  pairs: readonly ScoredPair[],
  runs: ScoredRuns,
): Promise<ScoreSection> {
  const title = "Image by image";
  if (runs.isSummary) {
    const lines = ["Left out, as --summary asks"];
    return { id: "images", title, lines, tables: [], data: [] };
  }
  const found: StepImages[] = [];
  for (const pair of pairs) found.push(await stepImages(pair, runs));
  const same = found.filter(({ state }) => state === "same").length;
  return {
    id: "images",
    title,
    lines: [
      ...unknownLines(found),
      ...(same === 0 ? [] : [`Same label maps: ${same} of ${found.length}`]),
    ],
    tables: [...iouTable(found), ...imageTable(found)],
    data: found,
  };
}

async function stepImages(
  pair: ScoredPair,
  runs: ScoredRuns,
): Promise<StepImages> {
  const counted = await countPair(pair, runs);
  if (counted.state !== "counted") return { step: pair.name, ...counted };
  // The same draws for each step, so that their intervals can be compared.
  const random = seededRandom(runs.seed).split("bootstrap");
  return {
    step: pair.name,
    state: counted.state,
    iou: pairedBootstrap(counted.images, { random }),
    flips: imageFlips(counted.images),
  };
}

/** A line for each reason, as many steps tend to have the same. */
function unknownLines(found: readonly StepImages[]): string[] {
  const unknown = found.filter(({ state }) => state === "unknown");
  const byWhy = Map.groupBy(unknown, ({ why }) => why);
  return [...byWhy].map(([why, [first, ...others]]) =>
    `Not known of ${first!.step}` +
    `${others.length === 0 ? "" : ` and ${others.length} more`}: ${why}`
  );
}

function iouTable(found: readonly StepImages[]) {
  const rows = found.flatMap(({ step, iou, flips }) => {
    if (!iou || !flips) return [];
    return [[
      step,
      percent(iou.meanIouA),
      percent(iou.meanIouB),
      points(iou.difference, 2),
      `${points(iou.low, 2)} … ${points(iou.high, 2)}`,
      String(flips.better),
      String(flips.worse),
      String(flips.same),
      share(flips.newlyRight, flips.pixels),
      share(flips.newlyWrong, flips.pixels),
    ]];
  });
  return tableOf("Mean IoU, %, and images that are better or worse in B", [
    "step",
    "A",
    "B",
    "points",
    "95 % interval",
    "better",
    "worse",
    "same",
    "pixels newly right, %",
    "newly wrong, %",
  ], rows);
}

function imageTable(found: readonly StepImages[]) {
  const changes = found.flatMap(({ step, flips }) =>
    (flips?.changes ?? []).map((change) => ({ step, ...change }))
  );
  const size = ({ a, b }: ImageChange) => Math.abs(b - a);
  const rows = changes.toSorted((x, y) => size(y) - size(x))
    .map(({ step, imageId, a, b }) => [
      step,
      imageId,
      percent(a),
      percent(b),
      points(b - a),
    ]);
  return tableOf(
    "Images, mean IoU of each alone, %, the largest change first",
    ["step", "image", "A", "B", "points"],
    rows,
    IMAGES,
  );
}

function tableOf(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  most = ROWS,
): ScoreSection["tables"][number][] {
  if (rows.length === 0) return [];
  const left = Math.max(0, rows.length - most);
  return [{ title, head, rows: rows.slice(0, most), left }];
}

/** A difference in points, with its sign. */
function points(difference: number, digits = 1): string {
  const text = (100 * difference).toFixed(digits);
  return difference > 0 ? `+${text}` : text;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : (100 * part / whole).toFixed(2);
}
