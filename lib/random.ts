/**
 * Seeded random numbers: the only source of chance in the project.
 *
 * @module
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers; the same seed gives the same stream. */
export interface Random {
  /** Uniform in [0, 1), 32 random bits. */
  uniform(): number;
  /** Uniform whole number in [0, count). */
  below(count: number): number;
  /** Standard normal. */
  normal(): number;
  /** An independent stream for a named consumer; does not advance this one. */
  split(name: string): Random;
}
