/**
 * What a picture of the stage `propose_segments` costs, part by part, on one
 * core: 40 pictures of ../shared/data/voc_subset with all labels of their
 * boxes.
 *
 *   taskset -c 1 deno run --allow-all tests/bench/proposals.ts
 *
 * @module
 */
import { denseCrf, WSSL_BOX_CRF } from "../../lib/crf/dense_crf.ts";
import { mapLabels } from "../../lib/crf/label_planes.ts";
import { unaryFromProbabilities } from "../../lib/crf/unary.ts";
import { VOC_CLASSES } from "../../lib/dataset/classes.ts";
import { parseVocAnnotation } from "../../lib/dataset/voc_annotation.ts";
import { vocBoxes } from "../../lib/dataset/voc_boxes.ts";
import { decodeJpeg } from "../../lib/image/jpeg.ts";
import { encodeLabelMap } from "../../lib/label/label_map_png.ts";
import { boxProbabilities, presentLabels } from "../../lib/weak/box_unary.ts";
import { VOC } from "./crf_cases.ts";

const PICTURES = 40;

const parts = { decode: 0, unary: 0, crf: 0, labels: 0, encode: 0 };

/** The part's milliseconds are added to what it took so far. */
async function timed<T>(
  part: keyof typeof parts,
  work: () => T | Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await work();
  parts[part] += performance.now() - start;
  return result;
}

async function propose(id: string): Promise<void> {
  const xml = Deno.readFileSync(new URL(`Annotations/${id}.xml`, VOC));
  const { boxes } = vocBoxes(parseVocAnnotation(xml, id), {
    classes: VOC_CLASSES,
  });
  const jpeg = Deno.readFileSync(new URL(`JPEGImages/${id}.jpg`, VOC));
  const image = await timed("decode", () => decodeJpeg(jpeg, id));
  const labels = presentLabels(boxes);
  const unary = await timed(
    "unary",
    () => unaryFromProbabilities(boxProbabilities(boxes, image, { labels })),
  );
  const marginals = await timed(
    "crf",
    () => denseCrf(image, unary, WSSL_BOX_CRF),
  );
  const map = await timed("labels", () => mapLabels(marginals, labels));
  await timed("encode", () => encodeLabelMap(map));
}

const list = Deno.readTextFileSync(
  new URL("ImageSets/Segmentation/train.txt", VOC),
);
const ids = list.trim().split("\n").slice(0, PICTURES);
for (const id of ids.slice(0, 4)) await propose(id); // compiles
for (const part of Object.keys(parts)) parts[part as keyof typeof parts] = 0;
for (const id of ids) await propose(id);
for (const [part, milliseconds] of Object.entries(parts)) {
  console.log(
    `${part}: ${(milliseconds / ids.length).toFixed(1)} ms a picture`,
  );
}
