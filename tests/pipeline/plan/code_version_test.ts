/** What counts as the code of a stage. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { CodeVersions } from "../../../pipeline/plan/code_version.ts";
import { namesIn } from "../../../pipeline/store/store.ts";
import { EngineProject } from "../engine_project.ts";
import { TemporaryStore } from "../temporary_store.ts";

const FILES = {
  "deno.json": "{}",
  "stage.ts": 'import { twice } from "./lib/twice.ts";\n' +
    'import type { Shape } from "./lib/shape.ts";\n' +
    "export const four: Shape = twice(2);\n",
  "lib/twice.ts": 'import { two } from "./two.ts";\n' +
    "export const twice = (n: number) => two * n;\n",
  "lib/two.ts": "export const two = 2;\n",
  "lib/shape.ts": "export type Shape = number;\n",
};

/** A project of a few modules, its code found anew each time. */
function makeProject(files: Record<string, string> = FILES) {
  const temporary = new TemporaryStore();
  for (const [path, text] of Object.entries(files)) temporary.write(path, text);
  const { folder, store } = temporary;
  const version = () =>
    new CodeVersions(store, folder).of(`file://${folder}/stage.ts`);
  return {
    write: temporary.write.bind(temporary),
    store,
    version,
    [Symbol.dispose]: () => temporary[Symbol.dispose](),
  };
}

Deno.test("the code of a stage is all that it imports, types left out", () => {
  using project = makeProject();
  const { modules, packages } = project.version();
  deepStrictEqual(Object.keys(modules), [
    "lib/twice.ts",
    "lib/two.ts",
    "stage.ts",
  ]);
  deepStrictEqual(packages, {});
});

Deno.test("a change of a module imported by a module is a change of the code", () => {
  using project = makeProject();
  const before = project.version();
  project.write("lib/two.ts", "export const two = 3;\n");
  const after = project.version();
  strictEqual(before.digest === after.digest, false);
  const changed = Object.keys(after.modules).filter((module) =>
    before.modules[module] !== after.modules[module]
  );
  deepStrictEqual(changed, ["lib/two.ts"]);
});

Deno.test("a change of a module that gives types only is none", () => {
  using project = makeProject();
  const before = project.version();
  project.write("lib/shape.ts", "export type Shape = number | string;\n");
  strictEqual(project.version().digest, before.digest);
});

Deno.test("a project that was moved has the same code", () => {
  using one = makeProject();
  using other = makeProject();
  strictEqual(one.version().digest, other.version().digest);
});

/** A range of the project's own configuration, as packages are at hand here. */
function ownRange(name: string): string {
  const text = Deno.readTextFileSync(
    new URL("../../../deno.json", import.meta.url),
  );
  return JSON.parse(text).imports[name];
}

/** The part of the project's own lock file that is about these packages. */
function lockOf(...names: string[]): string {
  const { version, specifiers, npm } = JSON.parse(
    Deno.readTextFileSync(new URL("../../../deno.lock", import.meta.url)),
  );
  const ranges = names.map(ownRange);
  const ids = ranges.map((range) => range.replace("npm:", ""));
  const needed = ids.flatMap((id) => npm[id].dependencies ?? []);
  const of = (all: Record<string, unknown>, isIn: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => isIn(key)));
  return JSON.stringify({
    version,
    specifiers: of(specifiers, (key) => ranges.includes(key)),
    npm: of(
      npm,
      (id) =>
        ids.includes(id) || needed.some((name) => id.startsWith(`${name}@`)),
    ),
  });
}

Deno.test("the locked version of a package is part of the code", () => {
  using project = makeProject({
    "deno.json": `{ "imports": { "zod": "${ownRange("zod")}" } }`,
    "stage.ts": 'import * as z from "zod";\nexport const a = z.int();\n',
  });
  const version = ownRange("zod").replace("npm:zod@", "");
  deepStrictEqual(project.version().packages, { zod: version });
});

Deno.test("packages that a stage does not need are no part of its code", () => {
  const names = ["zod", "yauzl", "commander"];
  const files = {
    "stage.ts":
      'import * as z from "zod";\nimport type {} from "commander";\n' +
      "export const a = z.int();\n",
    "other.ts": 'import "yauzl";\n',
  };
  const imports = Object.fromEntries(names.map((it) => [it, ownRange(it)]));
  using project = makeProject({
    ...files,
    "deno.json": JSON.stringify({ imports }),
    "deno.lock": lockOf("zod", "yauzl", "commander"),
  });
  const before = project.version();
  deepStrictEqual(Object.keys(before.packages), ["zod"]);
  project.write("deno.lock", lockOf("zod"));
  strictEqual(project.version().digest, before.digest);

  // Those that a package needs are.
  project.write("stage.ts", 'import "yauzl";\n');
  project.write("deno.lock", lockOf("zod", "yauzl"));
  deepStrictEqual(Object.keys(project.version().packages).sort(), [
    "pend",
    "yauzl",
  ]);
});

Deno.test("the code is remembered once its files are old enough", async () => {
  using project = makeProject();
  const remembered = () => namesIn(`${project.store.root}/code`);
  project.version();
  deepStrictEqual(remembered(), []);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const version = project.version();
  const [name] = remembered();
  const path = `${project.store.root}/code/${name}`;
  const text = Deno.readTextFileSync(path);
  const { digest } = version;
  Deno.writeTextFileSync(path, text.replaceAll(digest, "from the cache"));
  strictEqual(project.version().digest as string, "from the cache");

  project.write("lib/two.ts", "export const two = 4;\n");
  match(project.version().digest, /^[0-9a-f]{64}$/);
  Deno.writeTextFileSync(path, "{");
  match(project.version().digest, /^[0-9a-f]{64}$/);
});

const WORKFLOW = `
workflow: code
steps: { number: { stage: answer, params: { tally: TALLY } } }
`;

/** A project with a stage of its own, whose code a test may change. */
function writeStage(project: EngineProject, answer: string): void {
  const here = new URL("../", import.meta.url).pathname;
  project.write("answer.ts", `export const answer = ${answer};\n`);
  project.write(
    "stage.ts",
    `import { defineStage, jsonKind } from "${here}../../pipeline/mod.ts";
import * as z from "zod";
import { answer } from "./answer.ts";
export const stage = defineStage({
  name: "answer", version: 1, module: import.meta.url,
  params: z.strictObject({ tally: z.string() }),
  inputs: {}, outputs: { number: jsonKind("number", z.number()) },
  run({ params }) {
    Deno.writeTextFileSync(params.tally, "answer\\n", { append: true });
    return { number: answer };
  },
});
`,
  );
  project.write(
    "main.ts",
    `import { runCli } from "${here}../../pipeline/cli/cli.ts";
import { stage } from "./stage.ts";
Deno.exitCode = await runCli({
  name: "code", version: "0", description: "", stages: [stage],
  defaultWorkflow: "workflow.yaml", main: import.meta.url,
  permissions: ["--allow-write=" + Deno.cwd()],
}, Deno.args);
`,
  );
  const { imports } = JSON.parse(
    Deno.readTextFileSync(`${here}../../deno.json`),
  );
  project.write("deno.json", JSON.stringify({ imports }));
  project.main = `${project.folder}/main.ts`;
}

Deno.test("a step runs again when the code of its stage changed, and plan says which", async () => {
  using project = new EngineProject(WORKFLOW);
  writeStage(project, "42");
  const first = await project.run("run");
  strictEqual(first.code, 0, first.out + first.err);
  deepStrictEqual(project.tally(), ["answer"]);
  deepStrictEqual((await project.run("run")).code, 0);
  deepStrictEqual(project.tally(), []);

  project.write("answer.ts", "export const answer = 43;\n");
  match(
    (await project.run("plan")).out,
    /number .*: code of answer.ts changed/,
  );
  await project.run("run");
  deepStrictEqual(project.tally(), ["answer"]);
  strictEqual(project.read("runs/code/outputs/number.number.json"), "43\n");
});
