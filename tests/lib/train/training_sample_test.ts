import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { encodeLabelMap } from "../../../lib/label/label_map_png.ts";
import { decodeSample } from "../../../lib/train/training_sample.ts";
import { rectangleLabels } from "../../../lib/weak/rectangle_labels.ts";
import { box } from "../../drawings.ts";
import { drawTrainingFiles, HEIGHT, WIDTH } from "./training_files.ts";

const SIZE = { width: WIDTH, height: HEIGHT };

Deno.test("decodeSample reads pictures and label maps", async () => {
  const { samples, files } = await drawTrainingFiles(2);
  for (const [i, sample] of samples.entries()) {
    const { image, labels } = await decodeSample(sample, files[i]!, 3);
    strictEqual(image.data.length, WIDTH * HEIGHT * 3);
    ok(labels.data.some((label) => label === 2));
  }
});

Deno.test("decodeSample makes rectangle labels where there is no label map", async () => {
  const { samples: [sample], files: [file] } = await drawTrainingFiles(1);
  const bytes = { ...file!, labels: null };
  const { labels } = await decodeSample(sample!, bytes, 3);
  deepStrictEqual(labels, rectangleLabels(sample!.boxes, SIZE).labels);
});

Deno.test("decodeSample names the pixel of a label that is none", async () => {
  const { samples: [sample], files: [file] } = await drawTrainingFiles(1);
  const data = new Uint8Array(WIDTH * HEIGHT).fill(255);
  data[2 * WIDTH + 5] = 3;
  const bytes = { ...file!, labels: encodeLabelMap({ ...SIZE, data }) };
  await decodeSample(sample!, bytes, 4);
  await rejects(decodeSample(sample!, bytes, 3), {
    name: "RangeError",
    message: 'Cannot train on image "0" as labels must be 0…2 or 255: ' +
      "pixel (5, 2) is 3",
  });
});

Deno.test("decodeSample refuses label maps of another size", async () => {
  const { samples: [sample], files: [file] } = await drawTrainingFiles(1);
  const small = { width: 2, height: 1, data: new Uint8Array(2) };
  const bytes = { ...file!, labels: encodeLabelMap(small) };
  await rejects(decodeSample(sample!, bytes, 3), {
    name: "RangeError",
    message: 'Cannot train on image "0" as it and its label map must be of ' +
      "one size: 24 × 20 and 2 × 1 px",
  });
});

Deno.test("decodeSample names files of pictures that are cut short", async () => {
  const { samples, files } = await drawTrainingFiles(2);
  for (const [i, sample] of samples.entries()) {
    const image = files[i]!.image.slice(0, -200);
    const error = await decodeSample(sample, { ...files[i]!, image }, 3)
      .then(() => null, (e) => e);
    strictEqual(error.name, "UnreadableFileError");
    ok(error.message.includes(`"${files[i]!.path}"`), error.message);
  }
});

Deno.test("decodeSample refuses boxes outside the picture or of no class", async () => {
  const { samples: [sample], files: [file] } = await drawTrainingFiles(1);
  const refused = 'Cannot train on box 0 of image "0" as';
  const wide = { ...sample!, boxes: [box(1, 0, 0, 25, 3)] };
  await rejects(decodeSample(wide, file!, 3), {
    name: "RangeError",
    message: `${refused} it must be whole pixels of the image: box is ` +
      "[0, 25) × [0, 3), image is 24 × 20",
  });
  const strange = { ...sample!, boxes: [box(3, 0, 0, 2, 3)] };
  await rejects(decodeSample(strange, file!, 3), {
    name: "RangeError",
    message: `${refused} its class must be 1…2: 3`,
  });
});
