import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { denseCrf, RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import { mapLabels } from "../../../lib/crf/label_planes.ts";
import { encodeRgbPng } from "../../../lib/image/rgb_png.ts";
import { decodeLabelMap } from "../../../lib/label/label_map_png.ts";
import type { CrfCall } from "../../../lib/predict/crf_call.ts";
import { refineFiles } from "../../../lib/predict/refine_files.ts";
import { testOnGpu } from "../crf/gpu/on_gpu.ts";
import { noisePicture } from "../crf/crf_pictures.ts";

const SIZE = { width: 5, height: 4, labelCount: 3 };

/** A folder with a picture, its unary and a call; disposing removes it. */
class Scene implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "refine_files_" });
  readonly picture = noisePicture(1, SIZE);
  readonly call: CrfCall = {
    image: `${this.root}/a.png`,
    unary: `${this.root}/u.f32`,
    labelCount: SIZE.labelCount,
    crf: { ...RESNET101_CRF, iterations: 4 },
    marginals: `${this.root}/q.f32`,
    labelsOut: `${this.root}/l.png`,
    device: "cpu",
    repeat: 1,
  };

  constructor() {
    const { image, unary } = this.picture;
    Deno.writeFileSync(this.call.image, encodeRgbPng(image));
    this.writeUnary(unary.data);
  }

  writeUnary(data: Float32Array): void {
    Deno.writeFileSync(this.call.unary, new Uint8Array(data.buffer));
  }

  /** What was written. */
  outputs(): string[] {
    return [...Deno.readDirSync(this.root)].map(({ name }) => name)
      .filter((name) => name !== "a.png" && name !== "u.f32").sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

async function refused(
  scene: Scene,
  call: Partial<CrfCall>,
  message: string | RegExp,
): Promise<void> {
  await rejects(refineFiles({ ...scene.call, ...call }), { message });
  deepStrictEqual(scene.outputs(), []);
}

Deno.test("refineFiles writes what denseCrf gives", async () => {
  using scene = new Scene();
  const { image, unary } = scene.picture;
  const { call } = scene;
  await refineFiles(call);
  const expected = denseCrf(image, unary, call.crf);
  const { buffer } = Deno.readFileSync(call.marginals);
  deepStrictEqual(new Float32Array(buffer), expected.data);
  deepStrictEqual(
    decodeLabelMap(Deno.readFileSync(call.labelsOut!), "l"),
    mapLabels(expected),
  );
  deepStrictEqual(scene.outputs(), ["l.png", "q.f32"]);
});

Deno.test("refineFiles writes no labels that nobody asked for", async () => {
  using scene = new Scene();
  await refineFiles({ ...scene.call, labelsOut: null });
  deepStrictEqual(scene.outputs(), ["q.f32"]);
});

Deno.test("refineFiles reports each run, its iterations and the memory", async () => {
  using scene = new Scene();
  const report = await refineFiles({ ...scene.call, repeat: 3 });
  const { runs, peakMemoryBytes, peakMemoryBeforeBytes } = report;
  deepStrictEqual(
    { ...SIZE, runs: 3 },
    {
      width: report.width,
      height: report.height,
      labelCount: report.labels,
      runs: runs.length,
    },
  );
  for (const timing of runs) {
    strictEqual(timing.iterationSeconds.length, 4);
    const { buildSeconds, iterationSeconds, otherSeconds } = timing;
    const parts = [buildSeconds!, ...iterationSeconds, otherSeconds!];
    ok(parts.every((seconds) => seconds > 0), String(parts));
    const sum = parts.reduce((a, b) => a + b);
    ok(Math.abs(sum - timing.totalSeconds) < 1e-9, `${sum}`);
  }
  strictEqual(report.device, "cpu");
  strictEqual(report.why, "CRF on cpu, as it was asked for");
  ok(report.latticeVertices! > 0);
  ok(peakMemoryBytes >= peakMemoryBeforeBytes);
  ok(peakMemoryBeforeBytes > 2 ** 24 && peakMemoryBytes < 2 ** 36);
});

Deno.test("refineFiles says how large the unary must be", async () => {
  using scene = new Scene();
  const { unary } = scene.call;
  const rule = `Cannot read "${unary}" as float32 of 3 labels × 4 × 5 px ` +
    "must be 240 bytes: ";
  for (const bytes of [0, 239, 244]) {
    Deno.writeFileSync(unary, new Uint8Array(bytes));
    await refused(scene, {}, `${rule}${bytes}`);
  }
});

Deno.test("refineFiles times what one label takes", async () => {
  using scene = new Scene();
  scene.writeUnary(new Float32Array(20));
  const { runs } = await refineFiles({ ...scene.call, labelCount: 1 });
  const { buildSeconds, iterationSeconds, ...rest } = runs[0]!;
  deepStrictEqual([buildSeconds, iterationSeconds], [0, []]);
  strictEqual(rest.otherSeconds, rest.totalSeconds);
});

Deno.test("refineFiles refuses what has no room before it reads the unary", async () => {
  using scene = new Scene();
  const { call } = scene;
  const size = { width: 8000, height: 5000 };
  const header = new TextEncoder().encode("P6\n8000 5000\n255\n");
  Deno.writeFileSync(call.image, header);
  // Without a byte on the disk: both are holes.
  Deno.truncateSync(call.image, header.length + 3 * size.width * size.height);
  Deno.truncateSync(call.unary, 4 * 255 * size.width * size.height);
  await refused(
    scene,
    { labelCount: 255 },
    "Cannot run the dense CRF as it must need at most 4.00 GiB of memory: " +
      "8000 × 5000 pixels and 255 labels need 116.02 GiB",
  );
});

testOnGpu("refineFiles on a GPU tells the total time only", async () => {
  using scene = new Scene();
  const { image, unary } = scene.picture;
  const { call } = scene;
  const report = await refineFiles({ ...call, device: "gpu" });
  strictEqual(report.device, "gpu");
  strictEqual(report.latticeVertices, null);
  const { totalSeconds, ...parts } = report.runs[0]!;
  ok(totalSeconds > 0);
  deepStrictEqual(parts, {
    buildSeconds: null,
    iterationSeconds: [],
    otherSeconds: null,
  });
  const { buffer } = Deno.readFileSync(call.marginals);
  const expected = denseCrf(image, unary, call.crf).data;
  const marginals = new Float32Array(buffer);
  ok(marginals.every((q, i) => Math.abs(q - expected[i]!) < 0.05));
});

Deno.test("refineFiles leaves its inputs alone", async () => {
  using scene = new Scene();
  const { root, call } = scene;
  const own = "as it must be a file of its own:";
  await refused(
    scene,
    { marginals: `${root}/./a.png` },
    `Cannot write --marginals "${root}/./a.png" ${own} the picture ` +
      `"${call.image}" is the same`,
  );
  await refused(
    scene,
    { labelsOut: call.unary },
    `Cannot write --labels-out "${call.unary}" ${own} --unary ` +
      `"${call.unary}" is the same`,
  );
});

Deno.test("refineFiles names the pixel whose unary is NaN", async () => {
  using scene = new Scene();
  scene.picture.unary.data[20 + 7] = NaN;
  scene.writeUnary(scene.picture.unary.data);
  await refused(
    scene,
    {},
    "Cannot run the dense CRF as a unary must be −ln p, a number above −∞: " +
      "NaN of label 1 at pixel (2, 1)",
  );
});

Deno.test("refineFiles says what is where a file should be", async () => {
  using scene = new Scene();
  const { root } = scene;
  const read = (name: string, rest: string) =>
    `Cannot read "${root}/${name}" as it must be ${rest}`;
  await refused(
    scene,
    { image: `${root}/none` },
    read("none", "a picture: nothing is there"),
  );
  await refused(scene, { image: root }, /must be a picture: it is a folder$/);
  await refused(
    scene,
    { unary: `${root}/none` },
    read("none", "a file of float32: nothing is there"),
  );
  await refused(scene, { unary: root }, /a file of float32: it is a folder$/);
  await refused(
    scene,
    { unary: "/dev/null" },
    /a file of float32: it is a pipe or a device$/,
  );
  await refused(
    scene,
    { image: "none.png" },
    'Cannot read "none.png" as it must be a picture: nothing is there, seen ' +
      `from "${Deno.cwd()}"`,
  );
  Deno.writeTextFileSync(scene.call.image, "GIF89a");
  await refused(
    scene,
    {},
    read("a.png", "a JPEG, PNG or PPM picture: it begins with bytes 47494638"),
  );
});

Deno.test("refineFiles finds a missing output folder before it works", async () => {
  using scene = new Scene();
  const { root } = scene;
  await refused(
    scene,
    { labelsOut: `${root}/none/l.png`, image: `${root}/none.png` },
    `Cannot write "${root}/none/l.png" as its folder "${root}/none" must ` +
      "exist: nothing is there",
  );
});
