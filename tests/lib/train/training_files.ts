/** Small training pictures as files in memory, as a loader is given them. */
import { encodeJpeg } from "../../../lib/image/jpeg.ts";
import { encodeRgbPng } from "../../../lib/image/rgb_png.ts";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { seededRandom } from "../../../lib/random.ts";
import type {
  SampleBytes,
  TrainingSample,
} from "../../../lib/train/training_sample.ts";
import { box } from "../../drawings.ts";

/** Sides of the pictures, px. */
export const WIDTH = 24;
/** See `WIDTH`. */
export const HEIGHT = 20;

/** Samples and, by index, their files. */
export interface TrainingFiles {
  readonly samples: readonly TrainingSample[];
  readonly files: SampleBytes[];
}

/** Pictures of noise, every other a JPEG, every third without a label map. */
export async function drawTrainingFiles(count: number): Promise<TrainingFiles> {
  const samples: TrainingSample[] = [];
  const files: SampleBytes[] = [];
  for (let i = 0; i < count; i++) {
    const random = seededRandom(i);
    const noise = (channels: number, levels: number) => ({
      width: WIDTH,
      height: HEIGHT,
      data: Uint8Array.from(
        { length: WIDTH * HEIGHT * channels },
        () => random.below(levels),
      ),
    });
    const image = noise(3, 256);
    const labels = noise(1, 3);
    const isJpeg = i % 2 === 1;
    files.push({
      image: isJpeg ? await encodeJpeg(image, 90) : encodeRgbPng(image),
      path: `images/${i}.${isJpeg ? "jpg" : "png"}`,
      labels: i % 3 === 2 ? null : encodeLabelMap(labels),
    });
    samples.push({
      id: `${i}`,
      boxes: [box(1, 0, 0, 15, 15), box(2, 5, 5, 24, 20)],
      subClasses: [0, 1],
      isTruth: i % 4 === 3,
      weight: 1,
    });
  }
  return { samples, files };
}
