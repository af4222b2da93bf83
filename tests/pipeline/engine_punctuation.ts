/**
 * A module that a stage imports: part of its code.
 *
 * @module
 */

/** What shouting ends with. */
export const punctuation = "!";
