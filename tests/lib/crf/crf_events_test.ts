import { deepStrictEqual, ok } from "node:assert/strict";
import {
  type CrfEvent,
  denseCrf,
  RESNET101_CRF,
} from "../../../lib/crf/dense_crf.ts";
import { noisePicture } from "./crf_pictures.ts";

Deno.test("denseCrf tells of its build and each iteration, and gives the same", () => {
  const { image, unary } = noisePicture(1, { width: 9, height: 7 });
  const options = { ...RESNET101_CRF, iterations: 3 };
  const told: CrfEvent[] = [];
  const marginals = denseCrf(image, unary, {
    ...options,
    onEvent: (event) => told.push(event),
  });
  deepStrictEqual(marginals, denseCrf(image, unary, options));
  const [built, ...rest] = told;
  ok(built?.type === "built" && built.vertexCount > 0);
  deepStrictEqual(
    rest.map((event) => event.type === "iterated" && event.iteration),
    [1, 2, 3],
  );
});
