import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { denseCrf, RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import type { CrfMeasurement } from "../../../lib/crf/measurement.ts";
import { noisePicture } from "./crf_pictures.ts";

Deno.test("denseCrf tells of its build and each iteration, and gives the same", () => {
  const { image, unary } = noisePicture(1, { width: 9, height: 7 });
  const options = { ...RESNET101_CRF, iterations: 3 };
  const told: CrfMeasurement[] = [];
  const marginals = denseCrf(image, unary, {
    ...options,
    onMeasured: (measurement) => told.push(measurement),
  });
  deepStrictEqual(marginals, denseCrf(image, unary, options));
  deepStrictEqual(
    told.map(({ kind }) => kind),
    ["build", "iteration", "iteration", "iteration"],
  );
  ok(told.every(({ seconds }) => seconds >= 0 && seconds < 60));
  const [build] = told;
  ok(build?.kind === "build" && build.vertices > 0);
});

Deno.test("without a kernel there are no lattice vertices", () => {
  const { image, unary } = noisePicture(1, { width: 9, height: 7 });
  const told: CrfMeasurement[] = [];
  denseCrf(image, unary, {
    ...RESNET101_CRF,
    appearanceWeight: 0,
    smoothnessWeight: 0,
    iterations: 0,
    onMeasured: (measurement) => told.push(measurement),
  });
  strictEqual(told.length, 1);
  ok(told[0]?.kind === "build" && told[0].vertices === 0);
});
