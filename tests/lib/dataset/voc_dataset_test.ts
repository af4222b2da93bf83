import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import { parseImageList } from "../../../lib/dataset/image_list.ts";
import { formatVocAnnotation } from "../../../lib/dataset/voc_annotation.ts";
import { vocCorners } from "../../../lib/dataset/voc_boxes.ts";
import {
  checkVocImage,
  formatVocProblems,
  type VocImageFiles,
  type VocProblem,
} from "../../../lib/dataset/voc_dataset.ts";
import { decodeImage } from "../../../lib/image/decode_image.ts";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { box, labelMap } from "../../drawings.ts";

const MASK = labelMap(
  "cc??",
  "cc?f",
  "....",
);
const DOG = box(12, 0, 0, 2, 2);

/** Size of a JPEG, without the picture. */
function jpegHeader(width: number, height: number): Uint8Array {
  return Uint8Array.of(
    ...[0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, height, 0, width, 3],
  );
}

function annotationOf(width: number, ...names: string[]): Uint8Array {
  const flags = { truncated: false, occluded: false, difficult: false };
  const corners = vocCorners(DOG);
  const objects = names.map((name) => ({
    name,
    pose: null,
    corners,
    ...flags,
  }));
  return formatVocAnnotation({ imageId: "a", width, height: 3, objects });
}

const GOOD: VocImageFiles = {
  imageId: "a",
  image: jpegHeader(4, 3),
  annotation: annotationOf(4, "dog"),
  mask: encodeLabelMap(MASK),
};

function check(files: Partial<VocImageFiles>) {
  return checkVocImage({ ...GOOD, ...files }, { classes: VOC_CLASSES });
}

Deno.test("checkVocImage gives size and boxes, and a class without a box", () => {
  deepStrictEqual(check({}), {
    size: { width: 4, height: 3 },
    boxes: [DOG],
    clippedBoxCount: 0,
    problems: [],
    unboxedClassIds: [15],
  });
});

Deno.test("checkVocImage asks only for the files that are wanted", () => {
  const { problems, unboxedClassIds } = check({
    annotation: undefined,
    mask: undefined,
  });
  deepStrictEqual(problems, []);
  deepStrictEqual(unboxedClassIds, []);
});

Deno.test("checkVocImage reports every missing file at once", () => {
  const { size, boxes, problems } = check({
    image: null,
    annotation: null,
    mask: null,
  });
  deepStrictEqual([size, boxes], [null, []]);
  deepStrictEqual(
    problems.map(({ kind, detail }) => `${kind} ${detail}`),
    [
      "missing_file JPEGImages/a.jpg",
      "missing_file Annotations/a.xml",
      "missing_file SegmentationClass/a.png",
    ],
  );
});

Deno.test("checkVocImage reports unreadable files with the reason", () => {
  const { problems } = check({
    image: new Uint8Array(0),
    mask: GOOD.mask!.subarray(0, -1),
  });
  deepStrictEqual(problems, [
    {
      imageId: "a",
      kind: "unreadable_file",
      detail: 'Cannot read "JPEGImages/a.jpg" as it must be a JPEG, PNG ' +
        "or PPM picture: it is empty",
    },
    {
      imageId: "a",
      kind: "unreadable_file",
      detail: 'Cannot read "SegmentationClass/a.png" as it must be a whole ' +
        `PNG: it ends after ${GOOD.mask!.length - 1} bytes`,
    },
  ]);
});

Deno.test("checkVocImage reports sizes that disagree, all three", () => {
  const { problems } = check({ annotation: annotationOf(5, "dog") });
  deepStrictEqual(problems, [{
    imageId: "a",
    kind: "size_mismatch",
    detail: "picture 4 × 3 px, annotation 5 × 3 px, mask 4 × 3 px",
  }]);
});

Deno.test("checkVocImage reports labels that are no class, but not void", () => {
  const mask = labelMap("lk??", "cc?f", "....");
  const { problems } = check({ mask: encodeLabelMap(mask) });
  deepStrictEqual(problems, [{
    imageId: "a",
    kind: "unknown_label",
    detail: "labels 21, known are 0…20, 255",
  }]);
});

Deno.test("checkVocImage reports what is wrong with boxes", () => {
  const { boxes, problems } = check({ annotation: annotationOf(4, "dogs") });
  deepStrictEqual(boxes, []);
  deepStrictEqual(problems, [{
    imageId: "a",
    kind: "unknown_class",
    detail: 'object 1: class "dogs", did you mean "dog"?',
  }]);
});

Deno.test("formatVocProblems groups by kind, counts images and cuts long lists", () => {
  const problems: VocProblem[] = [
    { imageId: "a", kind: "box_empty", detail: "object 1" },
    { imageId: "a", kind: "box_empty", detail: "object 2" },
    { imageId: "b", kind: "missing_file", detail: "JPEGImages/b.jpg" },
    { imageId: "c", kind: "box_empty", detail: "object 1" },
  ];
  strictEqual(
    formatVocProblems(problems, 2),
    `missing_file: 1 image
  "b": JPEGImages/b.jpg
box_empty: 2 images
  "a": object 1
  "a": object 2
  and 1 more`,
  );
  strictEqual(formatVocProblems([], 2), "");
});

const VOC_SUBSET = new URL(
  "../../../../shared/data/voc_subset/",
  import.meta.url,
);
const WANTED = 100;

function isThere(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch (error) {
    console.log(`Tests on real VOC images are skipped: ${error}`);
    return false;
  }
}

Deno.test({
  name: "checkVocImage finds nothing wrong with real VOC images",
  ignore: !isThere(VOC_SUBSET),
  async fn() {
    const read = (path: string) => Deno.readFile(new URL(path, VOC_SUBSET));
    const path = "ImageSets/Segmentation/val.txt";
    const imageIds = parseImageList(await read(path), path).slice(0, WANTED);
    for (const imageId of imageIds) {
      const image = await read(`JPEGImages/${imageId}.jpg`);
      const files = {
        ...{ imageId, image },
        annotation: await read(`Annotations/${imageId}.xml`),
        mask: await read(`SegmentationClass/${imageId}.png`),
      };
      const { problems, boxes, size } = checkVocImage(files, {
        classes: VOC_CLASSES,
      });
      deepStrictEqual(problems, []);
      ok(boxes.length > 0);
      const { width, height } = await decodeImage(image, imageId);
      deepStrictEqual({ width, height }, size);
    }
  },
});
