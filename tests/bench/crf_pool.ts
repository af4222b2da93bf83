/**
 * Whether a pool of two workers refines pictures twice as fast as one.
 *
 *   deno run --allow-all tests/bench/crf_pool.ts [TURNS]
 *
 * 24 drawn pictures of 500 × 375 px and two labels, WSSL's parameters; one
 * worker and two by turns, so that the ratio holds on a busy machine too.
 *
 * @module
 */
import { openCrfPool, WSSL_BOX_CRF } from "../../lib/crf/mod.ts";
import { noisePicture } from "../lib/crf/crf_pictures.ts";
import { median } from "./median.ts";

const PICTURES = 24;
const SIZE = { width: 500, height: 375 };

/** Milliseconds for all pictures, after one that starts each worker. */
async function milliseconds(workers: number): Promise<number> {
  await using pool = openCrfPool({ workers });
  const refine = async (count: number) => {
    const pictures = Array.from(
      { length: count },
      (_, seed) => smooth(noisePicture(seed, SIZE)),
    );
    const start = performance.now();
    for await (const _ of pool.run(pictures, WSSL_BOX_CRF));
    return performance.now() - start;
  };
  await refine(2 * workers);
  return await refine(PICTURES);
}

/** Colours of a photograph: equal over some pixels, with a little noise. */
function smooth(picture: ReturnType<typeof noisePicture>) {
  const { width, data } = picture.image;
  const smoothed = data.map((level, i) => {
    const pixel = Math.floor(i / 3);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const wave = Math.sin(x / 40 + i % 3) + Math.cos(y / 30 - i % 3);
    return 128 + 50 * wave + level / 32;
  });
  return { ...picture, image: { ...picture.image, data: smoothed } };
}

const turns = Number(Deno.args[0] ?? 5);
const ratios: number[] = [];
for (let turn = 0; turn < turns; turn++) {
  const [one, two] = [await milliseconds(1), await milliseconds(2)];
  ratios.push(one / two);
  console.log(
    `one worker ${(one / PICTURES).toFixed(0)} ms a picture, two ` +
      `${(two / PICTURES).toFixed(0)}: ${(one / two).toFixed(2)} times`,
  );
}
console.log(`median ${median(ratios).toFixed(2)} times`);
