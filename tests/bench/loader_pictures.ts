/**
 * Pictures for a bench of the loader: real ones where there are some, else
 * drawn ones of VOC's size.
 *
 * @module
 */
import { VOC_CLASSES } from "../../lib/dataset/classes.ts";
import { parseImageList } from "../../lib/dataset/image_list.ts";
import { checkVocImage } from "../../lib/dataset/voc_dataset.ts";
import { encodeJpeg } from "../../lib/image/jpeg.ts";
import { imageSize } from "../../lib/image/image_size.ts";
import { seededRandom } from "../../lib/random.ts";
import type {
  SampleBytes,
  TrainingSample,
} from "../../lib/train/training_sample.ts";
import { box } from "../drawings.ts";

/** What a loader loads. */
export interface LoaderPictures {
  /** Where they come from, for people. */
  readonly source: string;
  readonly samples: readonly TrainingSample[];
  /** Reads a sample's files anew. */
  read(index: number): Promise<SampleBytes>;
}

const COUNT = 64;

/**
 * The first pictures of `train_aug` in a folder of VOC's layout that show
 * something, with rectangle labels; drawn ones where there is no folder.
 */
export async function loaderPictures(
  folder: string | null,
): Promise<LoaderPictures> {
  if (folder === null) return await drawnPictures();
  const list = `${folder}/ImageSets/Segmentation/train_aug.txt`;
  const isThere = await Deno.stat(list).then(() => true, () => false);
  if (!isThere) return await drawnPictures();
  const ids = parseImageList(await Deno.readFile(list), list).slice(0, COUNT);
  const images: Uint8Array[] = [];
  const samples = await Promise.all(ids.map(async (id) => {
    const image = await Deno.readFile(`${folder}/JPEGImages/${id}.jpg`);
    images.push(image);
    const { boxes } = checkVocImage({
      imageId: id,
      image,
      annotation: await Deno.readFile(`${folder}/Annotations/${id}.xml`),
    }, { classes: VOC_CLASSES });
    return sampleOf(id, boxes);
  }));
  return {
    source: `${samples.length} pictures of ${folder}, ${meanSize(images)}`,
    samples,
    async read(index) {
      const path = `${folder}/JPEGImages/${samples[index]!.id}.jpg`;
      return { image: await Deno.readFile(path), path, labels: null };
    },
  };
}

/** Blobs under some noise, so that files are about as long as VOC's. */
async function drawnPictures(): Promise<LoaderPictures> {
  const size = { width: 500, height: 375 };
  const boxes = [box(7, 100, 60, 400, 320), box(12, 30, 200, 180, 360)];
  const images = await Promise.all(Array.from({ length: 8 }, (_, seed) => {
    const random = seededRandom(seed);
    const data = Uint8Array.from(
      { length: size.width * size.height * 3 },
      (_, at) => {
        const pixel = Math.floor(at / 3);
        const x = (pixel % size.width) / (40 + seed);
        const y = Math.floor(pixel / size.width) / 40;
        const blob = Math.sin(x + at % 3) + Math.cos(y - at % 3);
        return 128 + 50 * blob + 8 * random.normal();
      },
    );
    return encodeJpeg({ ...size, data }, 90);
  }));
  const samples = Array.from(
    { length: COUNT },
    (_, i) => sampleOf(`drawn_${i}`, boxes),
  );
  return {
    source: `${images.length} drawn pictures, ${meanSize(images)}`,
    samples,
    read(index) {
      const image = images[index % 8]!.slice();
      const path = `${samples[index]!.id}.jpg`;
      return Promise.resolve({ image, path, labels: null });
    },
  };
}

/** How long files are and how large their pictures, on average. */
function meanSize(files: readonly Uint8Array[]): string {
  const mean = (of: (file: Uint8Array) => number) =>
    files.reduce((sum, file) => sum + of(file), 0) / files.length;
  const pixels = mean((file) => {
    const { width, height } = imageSize(file, "picture");
    return width * height;
  });
  return `${(mean(({ length }) => length) / 1000).toFixed(0)} kB and ` +
    `${(pixels / 1e6).toFixed(2)} megapixels each`;
}

function sampleOf(
  id: string,
  boxes: TrainingSample["boxes"],
): TrainingSample {
  return { id, boxes, subClasses: null, isTruth: false, weight: 1 };
}
