/** `package`, and what it makes at work where nothing else is. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { EngineProject, type Outcome } from "../engine_project.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

/** In an unpacked package there is nothing to install packages from. */
const IS_PACKAGED = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`))
  .nodeModulesDir === "manual";

const MAIN = `
import { runCli } from "./pipeline/cli/cli.ts";
import { pooled, isolated } from "./stage.ts";

Deno.exitCode = await runCli({
  name: "toy",
  version: "1.2.3",
  description: "A project to package.",
  stages: [pooled, isolated],
  defaultWorkflow: "workflow.yaml",
  main: import.meta.url,
  permissions: [],
  packaging: { exclude: [
    "**/{onnxruntime,@tensorflow,bare,binaryen,typescript,zod/src}*/**",
    "secret/**",
    "*.absent",
  ] },
}, Deno.args);
`;

const STAGE = `
import { defineStage, jsonKind } from "./pipeline/mod.ts";
import * as z from "zod";

const NUMBER = jsonKind("number", z.number());

export const pooled = defineStage({
  name: "pooled",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: {},
  outputs: { number: NUMBER },
  run: () => Promise.resolve({ number: 20 }),
});

export const isolated = defineStage({
  name: "isolated",
  version: 1,
  module: import.meta.url,
  isolation: "process",
  params: z.strictObject({}),
  inputs: { number: NUMBER },
  outputs: { number: NUMBER },
  run: ({ inputs: { number } }) => Promise.resolve({ number: number + 1 }),
});
`;

const WORKFLOW = `
workflow: toy
steps:
  first: { stage: pooled }
  second: { stage: isolated, inputs: { number: first.number } }
`;

/** A project of the engine with this repository's packages. */
class ToyProject extends EngineProject {
  override main = `${this.folder}/main.ts`;

  constructor() {
    super(WORKFLOW);
    this.write("main.ts", MAIN);
    this.write("stage.ts", STAGE);
    this.write("secret/key", "not for others");
    this.write(".gitignore", "/runs/\n/.store/\n/dist/\n");
    const { imports } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
    const toy = "deno run --no-prompt --allow-read " +
      "--allow-write=.store,runs --allow-run=deno " +
      "--allow-sys=hostname,systemMemoryInfo --ignore-env main.ts";
    this.write("deno.json", JSON.stringify({ imports, tasks: { toy } }));
    Deno.copyFileSync(`${ROOT}deno.lock`, `${this.folder}/deno.lock`);
    copyFolder(`${ROOT}pipeline`, `${this.folder}/pipeline`);
  }
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) copyFolder(source, target);
    else Deno.copyFileSync(source, target);
  }
}

/** Runs a program as on a machine that has tar and a shell, and little else. */
function runBare(cwd: string, program: string, ...args: string[]): Outcome {
  const { code, stdout, stderr } = new Deno.Command("/usr/bin/env", {
    args: ["-i", "PATH=/usr/bin:/bin", program, ...args],
    cwd,
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test({
  name: "an unpacked package runs its workflow, worker processes included",
  ignore: IS_PACKAGED || Deno.build.os === "windows",
  async fn() {
    using project = new ToyProject();
    const { code, out, err } = await project.run("package", "--json");
    strictEqual(code, 0, err);
    const { parts, unpack, idle, folder } = JSON.parse(out);
    deepStrictEqual(idle, ["*.absent"]);
    strictEqual(parts.length, 1);
    strictEqual(
      parts[0].bytes,
      Deno.statSync(`${folder}/${parts[0].name}`).size,
    );
    match(unpack, /^tar -xzf toy-1\.2\.3-[a-z]+-[a-z0-9]+\.tar\.gz$/);
    // Nothing but the archive is left behind.
    strictEqual([...Deno.readDirSync(folder)].length, 1);

    strictEqual(runBare(folder, "sh", "-c", unpack).code, 0);
    const here = `${folder}/${parts[0].name.replace(".tar.gz", "")}`;
    const names = [...Deno.readDirSync(here)].map(({ name }) => name).sort();
    deepStrictEqual(names, [
      ".gitignore",
      "PACKAGE.md",
      "deno",
      "deno.json",
      "deno.lock",
      "main.ts",
      "node_modules",
      "pipeline",
      "runtime",
      "stage.ts",
      "toy",
      "workflow.yaml",
    ]);
    const ran = runBare("/", `${here}/toy`, "run");
    strictEqual(ran.code, 0, ran.err);
    // No word of a registry.
    strictEqual(ran.err, "");
    match(ran.out, /succeeded: 2 run/);
    const outputs = `${here}/runs/toy/outputs`;
    strictEqual(
      Deno.readTextFileSync(`${outputs}/second.number.json`).trim(),
      "21",
    );
  },
});

Deno.test({
  name: "what stands in the way of a package is told in one line",
  ignore: IS_PACKAGED,
  async fn() {
    using project = new ToyProject();
    const errorOf = async () => {
      const { code, err } = await project.run("package");
      // Deno may warn before, of packages' own scripts that it will not run.
      return [code, err.trim().split("\n").at(-1)];
    };
    project.write("toy", "a file where the start script goes");
    deepStrictEqual(await errorOf(), [
      2,
      'Cannot package the project as "toy" must be free for the package\'s ' +
      "own: it is there",
    ]);
    Deno.removeSync(`${project.folder}/dist`, { recursive: true });
    project.write("dist", "a file where the archive goes");
    const [code, message] = await errorOf();
    strictEqual(code, 1);
    match(
      String(message),
      /^Cannot write a package as ".*\/dist" must be a folder that can be written to: [^\n]+$/,
    );
    project.write("deno.json", "{}");
    strictEqual((await errorOf())[0], 1);
  },
});
