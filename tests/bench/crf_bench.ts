/**
 * Speed of the dense CRF at the size of a VOC picture, one core.
 *
 *   deno bench tests/bench/crf_bench.ts
 *
 * `yardstick` is a fixed loop over memory: divide by its time to compare
 * machines, or one machine on two days.
 *
 * @module
 */
import {
  denseCrf,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import { pairwiseKernels } from "../../lib/crf/pairwise.ts";
import { unaryFromProbabilities } from "../../lib/crf/unary.ts";
import type { RgbImage } from "../../lib/image/image.ts";
import { seededRandom } from "../../lib/random.ts";
import { boxProbabilities } from "../../lib/weak/box_unary.ts";
import { box } from "../drawings.ts";

const SIZE = { width: 500, height: 375 };

/** Blobs and noise: 303,599 lattice vertices with WSSL's std; photos: 280,000. */
function drawnPicture(): RgbImage {
  const random = seededRandom(1);
  const data = Uint8Array.from(
    { length: SIZE.width * SIZE.height * 3 },
    (_, at) => {
      const pixel = Math.floor(at / 3);
      const x = pixel % SIZE.width;
      const y = Math.floor(pixel / SIZE.width);
      const blob = Math.sin(x / 50 + at % 3) + Math.cos(y / 40 - at % 3);
      return 128 + 50 * blob + 3 * random.normal();
    },
  );
  return { ...SIZE, data };
}

/** A score map's softmax: two labels lead by turns, all others are unlikely. */
function scoreUnary(labelCount: number): LabelPlanes {
  const pixelCount = SIZE.width * SIZE.height;
  const data = new Float32Array(labelCount * pixelCount)
    .fill(0.1 / (labelCount - 1));
  for (let p = 0; p < pixelCount; p++) {
    const leading = (p % SIZE.width) % 100 < 50 ? 0 : 1;
    data[leading * pixelCount + p] = 0.9;
  }
  return unaryFromProbabilities({ labelCount, ...SIZE, data });
}

const image = drawnPicture();
const boxUnary = unaryFromProbabilities(
  boxProbabilities([box(7, 100, 60, 400, 320)], SIZE),
);
const scoreUnary2 = scoreUnary(2);
const scoreUnary21 = scoreUnary(21);

Deno.bench("yardstick", () => {
  const values = new Float32Array(1 << 20).fill(1);
  let at = 0;
  for (let i = 0; i < 10_000_000; i++) {
    at = (at + 514_229) & 0xfffff;
    values[at] = 0.5 * values[at]! + 1;
  }
});

Deno.bench("pairwiseKernels, WSSL's for boxes", () => {
  pairwiseKernels(image, WSSL_BOX_CRF);
});

Deno.bench("denseCrf, 2 labels, WSSL's for boxes", () => {
  denseCrf(image, boxUnary, WSSL_BOX_CRF);
});

Deno.bench("denseCrf, 2 labels, ResNet-101's", () => {
  denseCrf(image, scoreUnary2, RESNET101_CRF);
});

Deno.bench("denseCrf, 21 labels, ResNet-101's", { n: 3, warmup: 1 }, () => {
  denseCrf(image, scoreUnary21, RESNET101_CRF);
});
