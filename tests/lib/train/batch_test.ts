import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import { seededRandom } from "../../../lib/random.ts";
import {
  type BatchOptions,
  makeShard,
  type ReadySample,
} from "../../../lib/train/batch.ts";
import { box } from "../../drawings.ts";

const OPTIONS: BatchOptions = {
  seed: 1,
  augmentation: { cropSize: 17, scales: [0.75, 1, 1.25] },
  encoding: { order: "rgb", mean: [1, 2, 3], scale: 0.5 },
  outputStride: 8,
  selection: { rates: { kind: "global", rate: 0.6 } },
  mask: { channels: 3 },
  dropouts: [{ name: "drop6", shape: [5, 3], keepShare: 0.5 }],
};

/** A picture of noise with two boxes, its labels those of the boxes' top left. */
function noise(seed: number, width = 30, height = 25): ReadySample {
  const random = seededRandom(seed);
  const data = Uint8Array.from(
    { length: width * height * 3 },
    () => random.below(256),
  );
  const labels = Uint8Array.from(
    { length: width * height },
    () => [0, 1, 2, 255][random.below(4)]!,
  );
  const sample = {
    id: `${seed}`,
    boxes: [box(1, 0, 0, 20, 20), box(2, 10, 5, 30, 25)],
    subClasses: null,
    isTruth: false,
    weight: 1,
  };
  return {
    sample,
    image: { width, height, data },
    labels: { width, height, data: labels },
  };
}

const place = (firstSlot: number, iteration = 7) => ({ iteration, firstSlot });

Deno.test("makeShard makes the same of a sample whatever shard its slot is in", () => {
  const samples = [noise(1), noise(2), noise(3), noise(4)];
  const whole = makeShard(samples, place(0), OPTIONS);
  const halves = [0, 2].map((from) =>
    makeShard(samples.slice(from, from + 2), place(from), OPTIONS)
  );
  for (const name of Object.keys(whole)) {
    const joined = halves.flatMap((half) => [...half[name]!]);
    deepStrictEqual(Array.from(whole[name]!), joined, name);
  }
});

Deno.test("makeShard crops anew in each iteration and slot, and by the seed", () => {
  const samples = [noise(1)];
  const { images } = makeShard(samples, place(0), OPTIONS);
  for (
    const other of [
      makeShard(samples, place(1), OPTIONS),
      makeShard(samples, place(0, 8), OPTIONS),
      makeShard(samples, place(0), { ...OPTIONS, seed: 2 }),
    ]
  ) notDeepStrictEqual(other.images, images);
});

Deno.test("makeShard makes what the options ask for, of the shapes said", () => {
  const sizes = (options: Partial<BatchOptions>) =>
    Object.fromEntries(
      Object.entries(
        makeShard([noise(1), noise(2)], place(0), { ...OPTIONS, ...options }),
      ).map(([name, { length }]) => [name, length]),
    );
  const images = 2 * 3 * 17 * 17;
  const plain = { images, labels: 18, counted: 18, "drop6/kept": 30 };
  const bare = { selection: null, mask: null };
  deepStrictEqual(sizes(bare), plain);
  deepStrictEqual(Object.keys(sizes({ ...bare, dropouts: [] })).length, 3);
  deepStrictEqual(
    sizes({ selection: null }),
    { ...plain, mask_target: 2 * 3 * 9, mask_counted: 18 },
  );
  const ranked = { group: 18, quota: 18, selectable: 18 };
  deepStrictEqual(
    sizes({ mask: null }),
    { ...plain, ...ranked, rank_class: 18 },
  );
});

for (const outputStride of [8, 4]) {
  Deno.test(`makeShard keeps labels, boxes and picture in step, ${outputStride} px apart`, () => {
    keepsInStep(outputStride);
  });
}

function keepsInStep(outputStride: number): void {
  // Red tells the column, green the row; labels and boxes know both.
  const side = 40;
  const pixels = Array.from({ length: side * side }, (_, p) => p);
  const labelOf = (x: number, y: number) => (x * 7 + y * 3) % 3;
  const data = pixels.flatMap((p) => [p % side, Math.floor(p / side), 0]);
  const labels = pixels.map((p) => labelOf(p % side, Math.floor(p / side)));
  const area = box(2, 11, 3, 29, 33);
  const ready: ReadySample = {
    ...noise(1),
    image: { width: side, height: side, data: Uint8Array.from(data) },
    labels: { width: side, height: side, data: Uint8Array.from(labels) },
  };
  const boxed = { ...ready, sample: { ...ready.sample, boxes: [area] } };
  const options: BatchOptions = {
    ...OPTIONS,
    augmentation: { cropSize: 17 },
    encoding: { order: "rgb", mean: [0, 0, 0], scale: 1 },
    outputStride,
  };
  const columns = 16 / outputStride + 1;
  for (let iteration = 0; iteration < 20; iteration++) {
    const shard = makeShard([boxed], place(0, iteration), options);
    deepStrictEqual(shard.labels!.length, columns ** 2);
    for (let cell = 0; cell < columns ** 2; cell++) {
      const row = Math.floor(cell / columns);
      const at = outputStride * (17 * row + cell % columns);
      const x = shard.images![at]!;
      const y = shard.images![289 + at]!;
      const isIn = x >= 11 && x < 29 && y >= 3 && y < 33;
      deepStrictEqual(shard.labels![cell], labelOf(x, y));
      deepStrictEqual(shard.rank_class![cell], isIn ? 2 : 0);
      deepStrictEqual(
        shard.mask_target![2 * columns ** 2 + cell],
        isIn ? 1 : 0,
      );
    }
  }
}

Deno.test("makeShard does not count void and padding, and weighs pictures", () => {
  const ready = noise(5, 9, 30);
  const half = { ...ready, sample: { ...ready.sample, weight: 0.5 } };
  const options = { ...OPTIONS, augmentation: { cropSize: 17, mirror: false } };
  const { counted, mask_counted: taught, labels } = makeShard(
    [half],
    place(0),
    options,
  );
  // 9 columns: cells 0 and 8 are in the picture, 16 is not.
  deepStrictEqual([...taught!], [.5, .5, 0, .5, .5, 0, .5, .5, 0]);
  ok(counted!.every((weight, p) => weight === 0 || taught![p] === weight));
  ok(labels!.every((label) => label <= 2));
  ok(counted!.some((weight, p) => weight === 0 && taught![p] !== 0));
});

Deno.test("makeShard selects nothing of ground truth or in the warm-up", () => {
  const ready = noise(1);
  const truth = { ...ready, sample: { ...ready.sample, isTruth: true } };
  const selection = { ...OPTIONS.selection!, warmup: 8 };
  const isSelecting = (sample: ReadySample, iteration: number) =>
    makeShard([sample], place(0, iteration), { ...OPTIONS, selection })
      .quota!.some((k) => k <= 9);
  deepStrictEqual(
    [isSelecting(ready, 7), isSelecting(ready, 8), isSelecting(truth, 8)],
    [false, true, false],
  );
});
