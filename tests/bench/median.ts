/**
 * The median, by which benches judge times: a stroke of other work on the
 * machine does not move it.
 *
 * @module
 */

/** The middle one, of an even count the upper of the two; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
