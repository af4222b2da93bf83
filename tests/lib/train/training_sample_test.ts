import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { decodeSample } from "../../../lib/train/training_sample.ts";
import { rectangleLabels } from "../../../lib/weak/rectangle_labels.ts";
import { box } from "../../drawings.ts";
import {
  HEIGHT,
  inFolder,
  WIDTH,
  writeTrainingFolder,
} from "./_training_folder.ts";

const SIZE = { width: WIDTH, height: HEIGHT };

Deno.test("decodeSample reads pictures and label maps", () =>
  inFolder(async (folder) => {
    const [png, jpeg] = await writeTrainingFolder(folder, 2);
    for (const sample of [png!, jpeg!]) {
      const { image, labels } = await decodeSample(sample, 3);
      strictEqual(image.data.length, WIDTH * HEIGHT * 3);
      ok(labels.data.some((label) => label === 2));
    }
  }));

Deno.test("decodeSample makes rectangle labels where there is no label map", () =>
  inFolder(async (folder) => {
    const [sample] = await writeTrainingFolder(folder, 1);
    const { labels } = await decodeSample({ ...sample!, labelPath: null }, 3);
    deepStrictEqual(labels, rectangleLabels(sample!.boxes, SIZE).labels);
  }));

Deno.test("decodeSample names the pixel of a label that is none", () =>
  inFolder(async (folder) => {
    const [sample] = await writeTrainingFolder(folder, 1);
    const data = new Uint8Array(WIDTH * HEIGHT).fill(255);
    data[2 * WIDTH + 5] = 3;
    const { imagePath, labelPath } = sample!;
    await Deno.writeFile(labelPath!, encodeLabelMap({ ...SIZE, data }));
    await decodeSample(sample!, 4);
    await rejects(decodeSample(sample!, 3), {
      name: "RangeError",
      message: `Cannot train on "${imagePath}" as labels must be 0…2 or 255: ` +
        `pixel (5, 2) of "${labelPath}" is 3`,
    });
  }));

Deno.test("decodeSample refuses label maps of another size", () =>
  inFolder(async (folder) => {
    const [sample] = await writeTrainingFolder(folder, 1);
    const { imagePath, labelPath } = sample!;
    const small = { width: 2, height: 1, data: new Uint8Array(2) };
    await Deno.writeFile(labelPath!, encodeLabelMap(small));
    await rejects(decodeSample(sample!, 3), {
      name: "RangeError",
      message: `Cannot train on "${imagePath}" as it and its label map ` +
        `"${labelPath}" must be of one size: 24 × 20 and 2 × 1 px`,
    });
  }));

Deno.test("decodeSample names files that are missing or cut short", () =>
  inFolder(async (folder) => {
    const [png, jpeg] = await writeTrainingFolder(folder, 2);
    for (const { imagePath } of [png!, jpeg!]) {
      const bytes = await Deno.readFile(imagePath);
      await Deno.writeFile(imagePath, bytes.subarray(0, bytes.length - 200));
    }
    for (const sample of [png!, jpeg!]) {
      const error = await decodeSample(sample, 3).then(() => null, (e) => e);
      strictEqual(error.name, "UnreadableFileError");
      ok(error.message.includes(`"${sample.imagePath}"`), error.message);
    }
    const imagePath = join(folder, "none.png");
    await rejects(decodeSample({ ...png!, imagePath }, 3), {
      name: "UnreadableFileError",
      message:
        `Cannot read "${imagePath}" as the file must exist: it is missing`,
    });
  }));

Deno.test("decodeSample refuses boxes outside the picture or of no class", () =>
  inFolder(async (folder) => {
    const [sample] = await writeTrainingFolder(folder, 1);
    const refused = `Cannot train on box 0 of "${sample!.imagePath}" as`;
    const wide = { ...sample!, boxes: [box(1, 0, 0, 25, 3)] };
    await rejects(decodeSample(wide, 3), {
      name: "RangeError",
      message: `${refused} it must be whole pixels of the image: box is ` +
        "[0, 25) × [0, 3), image is 24 × 20",
    });
    const strange = { ...sample!, boxes: [box(3, 0, 0, 2, 3)] };
    await rejects(decodeSample(strange, 3), {
      name: "RangeError",
      message: `${refused} its class must be 1…2: 3`,
    });
  }));
