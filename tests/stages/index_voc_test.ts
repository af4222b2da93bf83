import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type {
  VocAnnotation,
  VocObject,
} from "../../lib/dataset/voc_annotation.ts";
import { encodeRgbPng } from "../../lib/image/rgb_png.ts";
import { indexVoc } from "../../stages/index_voc.ts";
import { labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

const CLASSES = ["ball", "bar"];

/** A blank picture. */
function blank(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  return encodeRgbPng({ width, height, data });
}

/** An object by its corners as VOC writes them: from 1, both ends included. */
function object(
  name: string,
  corners: readonly [number, number, number, number],
  difficult = false,
): VocObject {
  const [xmin, ymin, xmax, ymax] = corners;
  return {
    name,
    corners: { xmin, ymin, xmax, ymax },
    pose: null,
    truncated: false,
    occluded: false,
    difficult,
  };
}

function annotation(...objects: VocObject[]): VocAnnotation {
  return { imageId: null, width: 6, height: 4, objects };
}

const INPUTS = {
  lists: { train: ["c", "a", "b"], val: ["a"] },
  images: { a: blank(6, 4), b: blank(6, 4), c: blank(6, 4) },
  annotations: {
    a: annotation(object("bar", [1, 1, 6, 4]), object("ball", [2, 2, 3, 4])),
    b: annotation(object("ball", [1, 1, 1, 1], true)),
    c: annotation(),
  },
  truth: null,
};

Deno.test("index_voc turns corners from 1, ends included, into half-open boxes", async () => {
  const { outputs } = await runStage(indexVoc, {
    params: { split: "val", classes: CLASSES },
    inputs: INPUTS,
  });
  deepStrictEqual(outputs.boxes, {
    a: {
      width: 6,
      height: 4,
      boxes: [
        { classId: 2, x0: 0, y0: 0, x1: 6, y1: 4 },
        { classId: 1, x0: 1, y0: 1, x1: 3, y1: 4 },
      ],
    },
  });
  deepStrictEqual(outputs.classes, CLASSES);
});

Deno.test("index_voc counts the images and boxes of its split", async () => {
  const { outputs } = await runStage(indexVoc, {
    params: { classes: CLASSES },
    inputs: INPUTS,
  });
  deepStrictEqual(outputs.metrics, {
    "data_set.images": 3,
    "data_set.boxes": 3,
  });
});

Deno.test("index_voc can leave objects marked difficult without a box", async () => {
  const { outputs } = await runStage(indexVoc, {
    params: { classes: CLASSES, useDifficult: false },
    inputs: INPUTS,
  });
  deepStrictEqual(outputs.boxes.b!.boxes, []);
  strictEqual(outputs.metrics["data_set.boxes"], 2);
});

Deno.test("index_voc takes the first images of the list, not of the alphabet", async () => {
  const { outputs } = await runStage(indexVoc, {
    params: { classes: CLASSES, maxImages: 2 },
    inputs: INPUTS,
  });
  deepStrictEqual(Object.keys(outputs.boxes).sort(), ["a", "c"]);
});

Deno.test("index_voc takes as many images as the smallest of several bounds", async () => {
  const taken = async (maxImages: (number | null)[]) => {
    const { outputs } = await runStage(indexVoc, {
      params: { classes: CLASSES, maxImages },
      inputs: INPUTS,
    });
    return Object.keys(outputs.boxes).sort();
  };
  deepStrictEqual(await taken([2, 9]), ["a", "c"]);
  deepStrictEqual(await taken([null, 1]), ["c"]);
  deepStrictEqual(await taken([null, null]), ["a", "b", "c"]);
});

Deno.test("index_voc looks only at images of its split", async () => {
  const broken = { ...INPUTS.images, b: blank(1, 1) };
  const { outputs } = await runStage(indexVoc, {
    params: { split: "val", classes: CLASSES },
    inputs: { ...INPUTS, images: broken },
  });
  deepStrictEqual(Object.keys(outputs.boxes), ["a"]);
});

Deno.test("index_voc notes how many masks show a class without a box", async () => {
  const bare = labelMap("......", ".1....", "......", "......");
  const { log } = await runStage(indexVoc, {
    params: { classes: CLASSES },
    inputs: { ...INPUTS, truth: { a: bare, b: bare, c: bare } },
  });
  deepStrictEqual(log, [
    "1 images have a class in their mask without a box",
  ]);
});

Deno.test("index_voc notes how many boxes it cut, and a lack of boxes", async () => {
  const logOf = async (...objects: VocObject[]) => {
    const a = annotation(...objects);
    const { log } = await runStage(indexVoc, {
      params: { split: "val", classes: CLASSES },
      inputs: { ...INPUTS, annotations: { a } },
    });
    return log.slice(1);
  };
  deepStrictEqual(
    await logOf(object("bar", [0, 1, 6, 4]), object("bar", [5, 1, 8, 4])),
    ["2 boxes went beyond their picture and were cut at its edge"],
  );
  deepStrictEqual(await logOf(), ["no image has a box"]);
});

Deno.test("index_voc names the splits there are", async () => {
  const params = { split: "trian", classes: CLASSES };
  await rejects(runStage(indexVoc, { params, inputs: INPUTS }), {
    name: "RangeError",
    message: 'Cannot read split "trian" as the data set must list it: ' +
      "it lists train, val",
  });
});

Deno.test("index_voc refuses names that cannot be classes", async () => {
  const params = { classes: ["ball", "background"] };
  await rejects(runStage(indexVoc, { params, inputs: INPUTS }), {
    name: "RangeError",
    message: "Cannot use the class list as a name must not be that of label " +
      '0: class 2 is "background"',
  });
});

Deno.test("index_voc tells all that is wrong with a split at once", async () => {
  const voc21 = { width: 6, height: 4, data: new Uint8Array(24).fill(21) };
  const good = { width: 6, height: 4, data: new Uint8Array(24) };
  const inputs = {
    lists: { train: ["no_xml", "no_jpg", "sizes", "class", "boxes", "label"] },
    images: {
      no_xml: blank(6, 4),
      sizes: blank(5, 4),
      class: blank(6, 4),
      boxes: blank(6, 4),
      label: new TextEncoder().encode("GIF89a"),
    },
    annotations: {
      no_jpg: annotation(),
      sizes: annotation(),
      class: annotation(object("hors", [1, 1, 2, 2])),
      boxes: annotation(
        object("cat", [3, 1, 2, 2]),
        object("dog", [7, 1, 9, 4]),
      ),
      label: annotation(),
    },
    truth: {
      no_xml: good,
      no_jpg: good,
      sizes: good,
      class: good,
      boxes: good,
      label: voc21,
    },
  };
  await rejects(runStage(indexVoc, { inputs }), {
    name: "RangeError",
    message: `Cannot use split "train" as its images must be in order:
missing_file: 2 images
  "no_xml": Annotations/no_xml.xml
  "no_jpg": JPEGImages/no_jpg.jpg
unreadable_file: 1 image
  "label": Cannot read "JPEGImages/label.jpg" as it must be a JPEG, PNG ` +
      `or PPM picture: it begins with bytes 47494638
size_mismatch: 1 image
  "sizes": picture 5 × 4 px, annotation 6 × 4 px, mask 6 × 4 px
unknown_class: 1 image
  "class": object 1: class "hors", did you mean "horse"?
unknown_label: 1 image
  "label": labels 21, known are 0…20, 255
box_empty: 1 image
  "boxes": object 1: xmin 3, ymin 1, xmax 2, ymax 2
box_outside: 1 image
  "boxes": object 2: xmin 7, ymin 1, xmax 9, ymax 4, picture 6 × 4 px`,
  });
});

Deno.test("index_voc tells the first twenty problems of a kind and counts the rest", async () => {
  const ids = Array.from({ length: 23 }, (_, i) => `i${i + 10}`);
  const nothing = { images: {}, annotations: {}, truth: null };
  const inputs = { lists: { train: ids }, ...nothing };
  const told = ids.slice(0, 10).flatMap((id) => [
    `  "${id}": JPEGImages/${id}.jpg`,
    `  "${id}": Annotations/${id}.xml`,
  ]);
  await rejects(runStage(indexVoc, { inputs }), {
    message: [
      'Cannot use split "train" as its images must be in order:',
      "missing_file: 23 images",
      ...told,
      "  and 26 more",
    ].join("\n"),
  });
});
