import { deepStrictEqual } from "node:assert/strict";
import { Arena } from "../../../lib/crf/kernel/arena.ts";
import { newKernel } from "../../../lib/crf/kernel/kernel.ts";
import { meanField } from "../../../lib/crf/_mean_field.ts";
import { setSmoothness } from "../../../lib/crf/_smoothness_term.ts";
import { noisePicture } from "./crf_pictures.ts";

/** Marginals with smoothness alone, in memory that holds one byte throughout. */
function marginals(
  byte: number,
  size: { width: number; height: number; labelCount: number },
  sigmaPx: number,
): Float32Array {
  const { unary } = noisePicture(3, size);
  const kernel = newKernel();
  const arena = new Arena(kernel, 2 ** 26);
  const { top } = arena;
  const length = 2 ** 20;
  arena.bytes(arena.take(length), length).fill(byte);
  arena.top = top;
  kernel.defineLattice(0, 0, 0);
  setSmoothness(arena, {
    ...size,
    sigmaPx,
    weight: 3,
    normalisation: "symmetric",
    channels: size.labelCount - 1,
  });
  const options = {
    iterations: 3,
    stopEarly: false,
    mirroring: { across: false, down: false },
  };
  const terms = { lattice: null, hasSmoothness: true };
  return meanField(arena, unary, { ...options, ...terms }).data;
}

Deno.test("setSmoothness reads nothing that was in memory before", () => {
  for (const sigmaPx of [0.5, 1, 1.2, 1.3, 3, 7]) {
    for (const width of [1, 3, 16, 100, 101]) {
      for (const labelCount of [2, 5]) {
        const size = { width, height: 12, labelCount };
        // 255 makes NaN.
        deepStrictEqual(
          marginals(255, size, sigmaPx),
          marginals(0, size, sigmaPx),
        );
      }
    }
  }
});
