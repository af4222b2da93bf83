/**
 * A drawn scene for the dense CRF, and its marginals as they were when its
 * goldens were made.
 *
 * `deno run --allow-write=tests/golden tests/golden/crf_scene.ts` makes them
 * anew: to be done only when the CRF is meant to give other numbers.
 *
 * @module
 */
import { denseCrf } from "../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import type { Normalisation } from "../../lib/crf/pairwise.ts";
import { unaryFromProbabilities } from "../../lib/crf/unary.ts";
import type { RgbImage } from "../../lib/image/image.ts";

const WIDTH = 40;
const HEIGHT = 30;
const LABELS = 3;

/** A disc and a bar on a gradient, with some texture; levels 0…255. */
function sceneImage(): RgbImage {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const texture = ((x * 7 + y * 13) % 5) - 2;
      const isDisc = (x - 12) ** 2 + (y - 14) ** 2 < 64;
      const isBar = Math.abs(x - y - 12) < 3 && x > 20;
      const [red, green, blue] = isDisc
        ? [180, 60, 50]
        : isBar
        ? [60, 90, 170]
        : [90 + x, 130 + y, 100];
      const at = 3 * (y * WIDTH + x);
      data.set([red! + texture, green! + texture, blue! - texture], at);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** A little sure of each object in a box around it, of background elsewhere. */
function sceneUnary(): LabelPlanes {
  const data = new Float32Array(LABELS * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const one = x >= 3 && x < 22 && y >= 5 && y < 24 ? 0.6 : 0.02;
      const two = x >= 20 && x < 38 && y >= 6 && y < 28 ? 0.6 : 0.02;
      [Math.max(0.02, 1 - one - two), one, two].forEach((p, label) => {
        data[(label * HEIGHT + y) * WIDTH + x] = p;
      });
    }
  }
  return unaryFromProbabilities({
    labelCount: LABELS,
    width: WIDTH,
    height: HEIGHT,
    data,
  });
}

/** Marginals of the scene, `[L][H][W]`, after 10 iterations. */
export function sceneMarginals(normalisation: Normalisation): Float32Array {
  return denseCrf(sceneImage(), sceneUnary(), {
    appearanceWeight: 8,
    appearanceSigmaPx: 10,
    appearanceSigmaLevels: 8,
    smoothnessWeight: 3,
    smoothnessSigmaPx: 1.5,
    iterations: 10,
    normalisation,
  }).data;
}

/** The goldens: marginals to four digits, by normalisation. */
export type CrfGoldens = Record<Normalisation, number[]>;

/** Where they are kept. */
export const CRF_GOLDENS = new URL("./crf_scene.json", import.meta.url);

if (import.meta.main) {
  const rounded = (normalisation: Normalisation) =>
    Array.from(sceneMarginals(normalisation), (q) => Number(q.toFixed(4)));
  const goldens: CrfGoldens = {
    after: rounded("after"),
    symmetric: rounded("symmetric"),
  };
  Deno.writeTextFileSync(CRF_GOLDENS, JSON.stringify(goldens) + "\n");
}
