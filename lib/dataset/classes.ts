/**
 * The classes of a data set, in the order of their ids.
 *
 * @module
 */
// Its ES module: to load the other, Deno starts a parser of CommonJS (17 ms).
import { closest, distance } from "fastest-levenshtein/esm/mod.js";
import { metricName } from "../metric/metric_name.ts";

/**
 * Names of classes 1…K: entry k − 1 is class k. Background, 0, is not in it.
 *
 * A plain array, so that it can be kept in files as it is; what comes from a
 * user passes {@link assertClassNames} once.
 */
export type ClassNames = readonly string[];

/** The twenty classes of PASCAL VOC, in the order of their ids [VOCinit.m]. */
export const VOC_CLASSES: ClassNames = [
  "aeroplane",
  "bicycle",
  "bird",
  "boat",
  "bottle",
  "bus",
  "car",
  "cat",
  "chair",
  "cow",
  "diningtable",
  "dog",
  "horse",
  "motorbike",
  "person",
  "pottedplant",
  "sheep",
  "sofa",
  "train",
  "tvmonitor",
];

/** Name of label 0, which no class may have. */
export const BACKGROUND = "background";

/** Most classes there can be: a label is a byte, 0 and 255 are taken. */
export const MAX_CLASSES = 254;

/** No blanks at the ends, nothing XML or a line of text would twist. */
const CLASS_NAME = /^[^\s\p{C}&<>"](?:[^\p{C}&<>"]{0,62}[^\s\p{C}&<>"])?$/u;

/**
 * Checks a class list: 1…254 names, all different, none of them "background".
 * A name has 1…64 characters, no control characters, no `& < > "`, and no
 * blanks at its ends.
 *
 * @throws {RangeError} When it is not so.
 *
 * @example
 * ```ts
 * import { assertClassNames } from "./classes.ts";
 *
 * assertClassNames(["leaf", "stem"]);
 * ```
 */
export function assertClassNames(names: ClassNames): void {
  if (names.length < 1 || names.length > MAX_CLASSES) {
    throw new RangeError(
      `Cannot use the class list as it must have 1 to ${MAX_CLASSES} names: ` +
        `it has ${names.length}`,
    );
  }
  names.forEach((name, i) => {
    const rule = brokenRule(name, names.slice(0, i));
    if (rule === null) return;
    throw new RangeError(
      `Cannot use the class list as a name must ${rule}: ` +
        `class ${i + 1} is ${JSON.stringify(name)}`,
    );
  });
}

function brokenRule(name: string, before: ClassNames): string | null {
  if (!CLASS_NAME.test(name)) return "be 1 to 64 plain characters";
  if (name === BACKGROUND) return "not be that of label 0";
  if (before.includes(name)) return "appear once";
  const isTwin = before.some((other) => metricName(other) === metricName(name));
  return isTwin ? "differ from the others as part of a metric's name" : null;
}

/**
 * Id of a class, 1…K; `null` when there is no class of that name.
 *
 * @example
 * ```ts
 * import { classIdOf, VOC_CLASSES } from "./classes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(classIdOf(VOC_CLASSES, "tvmonitor"), 20);
 * strictEqual(classIdOf(VOC_CLASSES, "tv"), null);
 * ```
 */
export function classIdOf(names: ClassNames, name: string): number | null {
  const index = names.indexOf(name);
  return index < 0 ? null : index + 1;
}

/**
 * A class name in quotes, with the nearest known one where that is near, for
 * messages on a class that is not in the list.
 *
 * @example
 * ```ts
 * import { describeUnknownClass, VOC_CLASSES } from "./classes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(
 *   describeUnknownClass(VOC_CLASSES, "aeroplan"),
 *   '"aeroplan", did you mean "aeroplane"?',
 * );
 * ```
 */
export function describeUnknownClass(names: ClassNames, name: string): string {
  const quoted = JSON.stringify(name);
  const nearest = closest(name, names);
  // Up to a third of the letters may differ, as in spell checkers.
  const isNear = distance(name, nearest) <= Math.max(1, name.length / 3);
  return isNear ? `${quoted}, did you mean "${nearest}"?` : quoted;
}
