/**
 * What commands say of pictures that they could not show.
 *
 * @module
 */
import type { LeftOut } from "../lib/figure/left_out.ts";

/** Names all that was left out and why, on the error stream; or says nothing. */
export function sayLeftOut({ notes }: Pick<LeftOut, "notes">): void {
  if (notes.length > 0) console.error(`Left out:\n  ${notes.join("\n  ")}`);
}
