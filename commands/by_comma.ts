/**
 * Options that are a list.
 *
 * @module
 */

/** The items of `a, b,c`; none when the option was left out. */
export function byComma(list = ""): string[] {
  return list.split(",").map((item) => item.trim()).filter((item) =>
    item !== ""
  );
}
