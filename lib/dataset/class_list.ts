/**
 * Which classes a data set has, as users name them.
 *
 * @module
 */
import * as z from "zod";
import { EMBEDDED_CLASSES } from "../synthetic/embedded_classes.ts";
import { assertClassNames, type ClassNames, VOC_CLASSES } from "./classes.ts";

/** `voc`, `embedded`, or the names in the order of their ids. */
export const ClassList = z.union([
  z.enum(["voc", "embedded"]),
  z.array(z.string()).min(1).max(254),
]).describe("classes: voc, embedded, or a list of names in label order");

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
 * ```
 */
export function classNamesOf(list: z.output<typeof ClassList>): ClassNames {
  if (list === "voc") return VOC_CLASSES;
  const names = list === "embedded"
    ? EMBEDDED_CLASSES.map(({ name }) => name)
    : list;
  assertClassNames(names);
  return names;
}
