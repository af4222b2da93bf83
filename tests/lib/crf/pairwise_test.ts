import { ok, strictEqual, throws } from "node:assert/strict";
import { WSSL_BOX_CRF } from "../../../lib/crf/dense_crf.ts";
import { pairwiseKernels } from "../../../lib/crf/pairwise.ts";
import { picture } from "../../drawings.ts";

const image = picture(
  { w: [250, 250, 250], b: [10, 20, 30] },
  "wwwbbb",
  "wwbbbb",
);

Deno.test("pairwiseKernels leaves out a term of weight 0", () => {
  strictEqual(pairwiseKernels(image, WSSL_BOX_CRF).length, 2);
  const smooth = pairwiseKernels(image, {
    ...WSSL_BOX_CRF,
    appearanceWeight: 0,
  });
  strictEqual(smooth[0]!.lattice.dimension, 2);
  const similar = pairwiseKernels(image, {
    ...WSSL_BOX_CRF,
    smoothnessWeight: 0,
  });
  strictEqual(similar[0]!.lattice.dimension, 5);
});

Deno.test("pairwiseKernels normalises on one side or on both", () => {
  const [after] = pairwiseKernels(image, WSSL_BOX_CRF);
  const [symmetric] = pairwiseKernels(image, {
    ...WSSL_BOX_CRF,
    normalisation: "symmetric",
  });
  ok(after!.sent.every((scale) => scale === 1));
  after!.received.forEach((scale, i) => {
    const both = symmetric!.received[i]! * symmetric!.sent[i]!;
    ok(Math.abs(scale / both - 1) < 1e-5);
  });
});

Deno.test("pairwiseKernels refuses parameters out of their range", () => {
  const wrong = (params: object) => () =>
    pairwiseKernels(image, { ...WSSL_BOX_CRF, ...params });
  throws(wrong({ appearanceSigmaLevels: 0 }), {
    name: "RangeError",
    message: "Cannot run the dense CRF as appearanceSigmaLevels must be " +
      "above 0 and finite: 0",
  });
  throws(wrong({ smoothnessWeight: -1 }), {
    name: "RangeError",
    message:
      "Cannot run the dense CRF as smoothnessWeight must be 0…1000000: " +
      "-1",
  });
  throws(wrong({ normalisation: "before" }), {
    name: "RangeError",
    message: 'Cannot run the dense CRF as normalisation must be "after" or ' +
      '"symmetric": "before"',
  });
  throws(wrong({ appearanceWeight: 1e300 }));
  throws(wrong({ appearanceSigmaPx: NaN }));
  throws(wrong({ smoothnessSigmaPx: Infinity }));
});
