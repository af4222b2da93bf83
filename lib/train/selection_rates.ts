/**
 * The filling rates that pixels are selected by, of those that were measured.
 *
 * @module
 */
import type { FillingRates } from "./filling_rate_selection.ts";
import type { SelectionConfig } from "./training_config.ts";

/** Filling rates of a class, 0…1; null where there was no box. */
export interface MeasuredRates {
  readonly className: string;
  readonly fillingRate: number | null;
  /** In the order of their ids; none where they were not told apart. */
  readonly subClasses: readonly { readonly fillingRate: number | null }[];
}

/** What is known of a data set's boxes. */
export interface KnownRates {
  /** In the order of the classes; null where none were measured. */
  readonly measured: readonly MeasuredRates[] | null;
  /** Whether it is known of which sub-class a box is. */
  readonly hasSubClasses: boolean;
  readonly classNames: readonly string[];
}

/**
 * The rates of a selection.
 *
 * @param rate Of classes, of sub-classes, or one number for all.
 * @throws {RangeError} When what it is a rate of was not measured, or of other
 *   classes.
 *
 * @example
 * ```ts
 * import { selectionRates } from "./selection_rates.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const ball = { className: "ball", fillingRate: 0.8, subClasses: [] };
 * const known = {
 *   measured: [ball], hasSubClasses: false, classNames: ["ball"],
 * };
 * deepStrictEqual(selectionRates("class", known), {
 *   kind: "class",
 *   rates: [0.8],
 * });
 * ```
 */
export function selectionRates(
  rate: SelectionConfig["rate"],
  { measured, hasSubClasses, classNames }: KnownRates,
): FillingRates {
  if (typeof rate === "number") return { kind: "global", rate };
  const refuse = (must: string, found: string): never => {
    const what = rate === "class" ? "class" : "sub-class";
    throw new RangeError(
      `Cannot select pixels by the filling rate of their ${what} as ${must}: ` +
        found,
    );
  };
  if (measured === null) {
    return refuse("filling rates must be given", "there are none");
  }
  const rated = measured.map(({ className }) => className).join(", ");
  const wanted = classNames.join(", ");
  if (rated !== wanted) {
    return refuse(`rates must be of ${wanted}`, `they are of ${rated}`);
  }
  if (rate === "class") {
    return { kind: "class", rates: measured.map((each) => each.fillingRate) };
  }
  if (!hasSubClasses) {
    return refuse("sub-classes of the boxes must be given", "there are none");
  }
  return {
    kind: "subClass",
    rates: measured.map(({ subClasses }) =>
      subClasses.map((each) => each.fillingRate)
    ),
  };
}
