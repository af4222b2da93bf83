/** A folder of small training pictures, as a loader reads them. */
import { join } from "node:path";
import { encodeJpeg } from "../../../lib/image/jpeg.ts";
import { encodeRgbPng } from "../../../lib/image/rgb_png.ts";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { seededRandom } from "../../../lib/random.ts";
import type { TrainingSample } from "../../../lib/train/training_sample.ts";
import { box } from "../../drawings.ts";

/** Sides of the pictures, px. */
export const WIDTH = 24;
/** See `WIDTH`. */
export const HEIGHT = 20;

/** Pictures of noise, every other a JPEG, every third without a label map. */
export async function writeTrainingFolder(
  folder: string,
  count: number,
): Promise<TrainingSample[]> {
  const samples: TrainingSample[] = [];
  for (let i = 0; i < count; i++) {
    const random = seededRandom(i);
    const size = { width: WIDTH, height: HEIGHT };
    const image = {
      ...size,
      data: Uint8Array.from(
        { length: WIDTH * HEIGHT * 3 },
        () => random.below(256),
      ),
    };
    const labels = {
      ...size,
      data: Uint8Array.from({ length: WIDTH * HEIGHT }, () => random.below(3)),
    };
    const isJpeg = i % 2 === 1;
    const imagePath = join(folder, `${i}.${isJpeg ? "jpg" : "png"}`);
    const bytes = isJpeg ? await encodeJpeg(image, 90) : encodeRgbPng(image);
    await Deno.writeFile(imagePath, bytes);
    const labelPath = join(folder, `${i}_labels.png`);
    await Deno.writeFile(labelPath, encodeLabelMap(labels));
    samples.push({
      imagePath,
      labelPath: i % 3 === 2 ? null : labelPath,
      boxes: [box(1, 0, 0, 15, 15), box(2, 5, 5, 24, 20)],
      subClasses: [0, 1],
      isTruth: i % 4 === 3,
      weight: 1,
    });
  }
  return samples;
}

/** A folder that is gone after the test. */
export async function inFolder(
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "boxfill-train-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
