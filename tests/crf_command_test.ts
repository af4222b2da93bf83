/** `crf` as users meet it, with the permissions of its task. */
import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  denseCrf,
  type DenseCrfOptions,
  RESNET101_CRF,
} from "../lib/crf/dense_crf.ts";
import { mapLabels } from "../lib/crf/label_planes.ts";
import { decodeLabelMap } from "../lib/label/label_map_png.ts";
import { readCrfCall } from "../lib/predict/crf_call.ts";
import { BoxfillProject } from "./boxfill_project.ts";
import { noisePicture } from "./lib/crf/crf_pictures.ts";

const PICTURE = noisePicture(1, { width: 6, height: 5, labelCount: 3 });

/** A project with a PPM and its unary. */
function crfProject(): BoxfillProject {
  const project = new BoxfillProject();
  const header = new TextEncoder().encode("P6\n6 5\n255\n");
  project.write("a.ppm", Uint8Array.of(...header, ...PICTURE.image.data));
  project.write("u.f32", new Uint8Array(PICTURE.unary.data.buffer));
  return project;
}

const CALL = ["a.ppm", "--unary", "u.f32", "--labels", "3"]
  .concat("--bilateral", "4,67,3", "--spatial", "3,1", "--marginals", "q.f32");

Deno.test("crf --json writes marginals and labels, and prints figures", async () => {
  using project = crfProject();
  const more = ["--iterations", "3", "--normalise", "after", "--device", "cpu"]
    .concat("--labels-out", "l.png", "--repeat", "2", "--json");
  const { code, out, err } = await project.run("crf", ...CALL, ...more);
  deepStrictEqual([code, err], [0, ""]);
  const report = JSON.parse(out);
  strictEqual(report.runs.length, 2);
  strictEqual(report.runs[1].iterationSeconds.length, 3);
  ok(report.runs[1].buildSeconds > 0);
  ok(report.latticeVertices > 0);
  ok(report.peakMemoryBytes >= report.peakMemoryBeforeBytes);
  deepStrictEqual(project.names(), ["a.ppm", "l.png", "q.f32", "u.f32"]);
  const { image, unary } = PICTURE;
  const options: DenseCrfOptions = {
    ...RESNET101_CRF,
    iterations: 3,
    normalisation: "after",
  };
  deepStrictEqual(report.options, options);
  strictEqual(report.device, "cpu");
  const { buffer } = Deno.readFileSync(`${project.folder}/q.f32`);
  const expected = denseCrf(image, unary, options);
  deepStrictEqual(new Float32Array(buffer), expected.data);
  deepStrictEqual(
    decodeLabelMap(Deno.readFileSync(`${project.folder}/l.png`), "l"),
    mapLabels(expected),
  );
});

Deno.test("crf prints a table, of ten symmetric iterations unless told", async () => {
  using project = crfProject();
  const { code, out } = await project.run("crf", ...CALL);
  strictEqual(code, 0);
  match(out, /^\| a\.ppm \| 6 × 5 px, 3 labels \|\n/);
  match(out, /^\| an iteration of 10, ms \| \d+\.\d\d \|$/m);
  const { image, unary } = PICTURE;
  const { buffer } = Deno.readFileSync(`${project.folder}/q.f32`);
  deepStrictEqual(
    new Float32Array(buffer),
    denseCrf(image, unary, RESNET101_CRF).data,
  );
});

Deno.test("crf ends with 2 for wrong usage and 1 for wrong files", async () => {
  using project = crfProject();
  const usage = await project.run("crf", ...CALL, "--spatial", "3");
  deepStrictEqual([usage.code, usage.out, usage.err], [
    2,
    "",
    "Cannot run the dense CRF as --spatial must be W,XY, a weight of " +
    "0…1000000 and a standard deviation from 0.001 in px, such as 3,1: " +
    '"3"\n',
  ]);
  const missing = await project.run("crf", "a.ppm");
  strictEqual(missing.code, 2);
  match(missing.err, /^error: required option '--unary <file>' not specified/);
  const files = await project.run("crf", ...CALL, "--labels", "2");
  deepStrictEqual([files.code, files.out, files.err], [
    1,
    "",
    'Cannot read "u.f32" as float32 of 2 labels × 5 × 6 px must be 240 ' +
    "bytes: 360\n",
  ]);
  deepStrictEqual(project.names(), ["a.ppm", "u.f32"]);
});

Deno.test("crf destroys none of its files, and names what it cannot write", async () => {
  using project = crfProject();
  const own = await project.run("crf", ...CALL, "--labels-out", "./a.ppm");
  deepStrictEqual([own.code, own.out, own.err], [
    1,
    "",
    'Cannot write --labels-out "./a.ppm" as it must be a file of its own: ' +
    'the picture "a.ppm" is the same\n',
  ]);
  const empty = await project.run("crf", ...CALL, "--marginals", "");
  deepStrictEqual([empty.code, empty.out, empty.err], [
    2,
    "",
    "Cannot run the dense CRF as --marginals must be the path of a file: " +
    '""\n',
  ]);
  const full = await project.run("crf", ...CALL, "--marginals", "/dev/full");
  deepStrictEqual([full.code, full.out, full.err], [
    1,
    "",
    'Cannot write "/dev/full" as Deno must be started with --allow-all for ' +
    "it: it was not\n",
  ]);
  deepStrictEqual(project.names(), ["a.ppm", "u.f32"]);
  project.write("q.f32", new Uint8Array(1));
  Deno.chmodSync(`${project.folder}/q.f32`, 0o444);
  const kept = await project.run("crf", ...CALL);
  deepStrictEqual([kept.code, kept.out, kept.err], [
    1,
    "",
    'Cannot write "q.f32" as the file must be writable: it is ' +
    "write-protected\n",
  ]);
});

Deno.test("crf --help tells the ranges that are checked", async () => {
  using project = crfProject();
  const { out } = await project.run("crf", "--help");
  const right = {
    unary: "u.f32",
    labels: "3",
    bilateral: "4,67,3",
    spatial: "3,1",
    iterations: "10",
    normalise: "after",
    marginals: "q.f32",
    device: "cpu",
    repeat: "1",
  };
  const checked = [
    ["labels", "1…255"],
    ["bilateral", "0…1000000", "from 0.001"],
    ["spatial", "0…1000000", "from 0.001"],
    ["iterations", "0…1000"],
    ["repeat", "1…1000"],
  ];
  for (const [option, ...ranges] of checked) {
    throws(
      () => readCrfCall("a.ppm", { ...right, [option!]: "-1" }),
      (error: Error) => ranges.every((range) => error.message.includes(range)),
    );
    for (const range of ranges) ok(out.includes(range), range);
  }
});

Deno.test("crf says from where it looks for files", async () => {
  using project = crfProject();
  const { code, err } = await project.run("crf", "b.ppm", ...CALL.slice(1));
  strictEqual(code, 1);
  match(
    err,
    /^Cannot read "b\.ppm" as .*: nothing is there, seen from ".+"\n$/,
  );
  const help = await project.run("crf", "--help");
  match(help.out, /^Paths are seen from the folder that the program runs in;/m);
});
