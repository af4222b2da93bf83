import { ok, strictEqual } from "node:assert/strict";
import {
  CRF_GOLDENS,
  type CrfGoldens,
  sceneMarginals,
} from "../../golden/crf_scene.ts";

const goldens: CrfGoldens = JSON.parse(Deno.readTextFileSync(CRF_GOLDENS));

for (const normalisation of ["after", "symmetric"] as const) {
  Deno.test(`denseCrf gives the drawn scene's marginals, ${normalisation}`, () => {
    const marginals = sceneMarginals(normalisation);
    const golden = goldens[normalisation];
    strictEqual(marginals.length, golden.length);
    const farthest = marginals.reduce(
      (most, q, i) => Math.max(most, Math.abs(q - golden[i]!)),
      0,
    );
    // Four digits are kept; the rest is for another order of additions.
    ok(farthest < 2e-3, `${farthest}`);
  });
}

Deno.test("the drawn scene's objects are found", () => {
  const { after } = goldens;
  const at = (label: number, x: number, y: number) =>
    after[(label * 30 + y) * 40 + x]!;
  ok(at(1, 12, 14) > 0.9, "the disc");
  ok(at(2, 30, 18) > 0.9, "the bar");
  ok(at(0, 36, 10) > 0.9, "background in the bar's box");
});
