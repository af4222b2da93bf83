/**
 * Which classes a data set has, as users name them.
 *
 * @module
 */
import * as z from "zod";
import { EMBEDDED_CLASSES } from "../synthetic/embedded_classes.ts";
import { assertClassNames, type ClassNames, VOC_CLASSES } from "./classes.ts";

/**
 * `voc`, `embedded`, or the names in the order of their ids: as a list, or as
 * one text with commas, a single name with one behind it.
 */
export const ClassList = z.union([
  z.enum(["voc", "embedded"]),
  z.string().regex(
    /^[^[\]{}]*,[^[\]{}]*$/,
    "must be voc, embedded, or names by comma, such as leaf,stem",
  ),
  z.array(z.string()).min(1).max(254),
]).describe("voc, embedded, or names in label order: a list, or by comma");

/**
 * The names behind a class list; background is not among them.
 *
 * @throws {RangeError} When names are empty, double or reserved.
 *
 * @example
 * ```ts
 * import { classNamesOf } from "./class_list.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(classNamesOf("voc").length, 20);
 * strictEqual(classNamesOf("leaf, stem")[1], "stem");
 * ```
 */
export function classNamesOf(list: z.output<typeof ClassList>): ClassNames {
  if (list === "voc") return VOC_CLASSES;
  if (list === "embedded") return EMBEDDED_CLASSES.map(({ name }) => name);
  const names = typeof list === "string"
    ? list.replace(/,\s*$/, "").split(",").map((name) => name.trim())
    : list;
  assertClassNames(names);
  return names;
}
