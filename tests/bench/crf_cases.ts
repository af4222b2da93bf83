/**
 * What benches of the dense CRF run, be it on a CPU or on a GPU: photographs of
 * 500 × 375 px from VOC 2012, or drawn pictures, and the parameters that peers
 * were measured with.
 *
 * @module
 */
import { existsSync } from "node:fs";
import {
  type DenseCrfOptions,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import { unaryFromProbabilities } from "../../lib/crf/unary.ts";
import { VOC_CLASSES } from "../../lib/dataset/classes.ts";
import { parseVocAnnotation } from "../../lib/dataset/voc_annotation.ts";
import { vocBoxes } from "../../lib/dataset/voc_boxes.ts";
import type { Box } from "../../lib/geometry/box.ts";
import type { Size } from "../../lib/geometry/size.ts";
import type { RgbImage } from "../../lib/image/image.ts";
import { decodeJpeg } from "../../lib/image/jpeg.ts";
import { seededRandom } from "../../lib/random.ts";
import { boxProbabilities } from "../../lib/weak/box_unary.ts";
import { box } from "../drawings.ts";

/** A part of VOC 2012, in its layout; may be absent. */
export const VOC = new URL("../../../shared/data/voc_subset/", import.meta.url);

/** Of most pictures of VOC. */
export const VOC_SIZE: Size = { width: 500, height: 375 };

const README_CRF: DenseCrfOptions = {
  ...RESNET101_CRF,
  appearanceWeight: 10,
  appearanceSigmaPx: 80,
  appearanceSigmaLevels: 13,
  smoothnessSigmaPx: 3,
};

/**
 * 2 labels: of the picture's boxes; 21: of a network's scores. Goals are
 * seconds on the machine of docs/crf.md.
 */
export const CASES = [
  { name: "L=2, 4/67/3 + 3/1", labels: 2, params: RESNET101_CRF, goal: 0.09 },
  { name: "L=2, 45/37/3 + 15/3", labels: 2, params: WSSL_BOX_CRF, goal: 0.09 },
  { name: "L=2, 10/80/13 + 3/3", labels: 2, params: README_CRF, goal: 0.04 },
  { name: "L=21, 4/67/3 + 3/1", labels: 21, params: RESNET101_CRF, goal: 0.4 },
  { name: "L=21, 10/80/13 + 3/3", labels: 21, params: README_CRF, goal: 0.18 },
];

/** A picture and what is in it. */
export interface Picture {
  readonly image: RgbImage;
  readonly boxes: readonly Box[];
}

/** The first photographs of `VOC_SIZE` with a box; none without VOC. */
export async function vocPictures(most: number): Promise<Picture[]> {
  if (!existsSync(VOC)) return [];
  const ids = [...Deno.readDirSync(new URL("Annotations", VOC))]
    .map(({ name }) => name.slice(0, -4)).sort();
  const pictures: Picture[] = [];
  for (const id of ids) {
    if (pictures.length === most) break;
    const xml = Deno.readFileSync(new URL(`Annotations/${id}.xml`, VOC));
    const annotation = parseVocAnnotation(xml, id);
    const { width, height } = annotation;
    if (width !== VOC_SIZE.width || height !== VOC_SIZE.height) continue;
    const { boxes } = vocBoxes(annotation, { classes: VOC_CLASSES });
    if (boxes.length === 0) continue;
    const jpeg = Deno.readFileSync(new URL(`JPEGImages/${id}.jpg`, VOC));
    pictures.push({ image: await decodeJpeg(jpeg, id), boxes });
  }
  return pictures;
}

/** Blobs and noise; with WSSL's std about as many vertices as a photograph. */
export function drawnPicture({ width, height }: Size, seed: number): Picture {
  const random = seededRandom(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    const blob = Math.sin(x / 50 + at % 3) + Math.cos(y / 40 - at % 3);
    return 128 + 50 * blob + 3 * random.normal();
  });
  return boxed({ width, height, data });
}

/** With one box in the middle, about two thirds of either side. */
export function boxed(image: RgbImage): Picture {
  const { width, height } = image;
  const x = (at: number) => Math.round(at / VOC_SIZE.width * width);
  const y = (at: number) => Math.round(at / VOC_SIZE.height * height);
  return { image, boxes: [box(7, x(100), y(60), x(400), y(320))] };
}

const scores = new Map<string, LabelPlanes>();

/** The unary of a case; scores are the same for all pictures of one size. */
export function caseUnary(picture: Picture, labelCount: number): LabelPlanes {
  if (labelCount === 2) return boxUnary(picture);
  const { width, height } = picture.image;
  const key = `${labelCount} × ${height} × ${width}`;
  const unary = scores.get(key) ?? scoreUnary(picture.image, labelCount);
  scores.set(key, unary);
  return unary;
}

/** The boxes of the first class: background and one label. */
function boxUnary({ image, boxes }: Picture): LabelPlanes {
  const ofOne = boxes.filter(({ classId }) => classId === boxes[0]!.classId);
  return unaryFromProbabilities(boxProbabilities(ofOne, image));
}

/** A softmax as a network gives it: smooth, and undecided between a few. */
function scoreUnary({ width, height }: Size, labelCount: number): LabelPlanes {
  const random = seededRandom(2);
  const pixels = width * height;
  const data = new Float32Array(labelCount * pixels);
  for (let p = 0; p < pixels; p++) {
    const x = p % width;
    const y = Math.floor(p / width);
    const odds = Array.from({ length: labelCount }, (_, l) => {
      const wave = Math.sin(x / (30 + 3 * l) + l) *
        Math.cos(y / (25 + 2 * l) - l);
      return Math.exp(3 * wave + 0.3 * random.uniform());
    });
    const sum = odds.reduce((a, b) => a + b);
    odds.forEach((odd, l) => data[l * pixels + p] = odd / sum);
  }
  return unaryFromProbabilities({ labelCount, width, height, data });
}
