/** Code that is edited while its step runs. */
import { match, strictEqual } from "node:assert/strict";
import { ended, EngineProject, until } from "../engine_project.ts";

const ENGINE = new URL("../../../pipeline/", import.meta.url).href;
const CONFIG = new URL("../../../deno.json", import.meta.url);

/**
 * A project whose one stage waits for a file `edited`, then gives the number of
 * a module.
 */
function projectWithStage(): EngineProject {
  const project = new EngineProject(`
workflow: edited
steps:
  number:
    stage: give_constant
    params: { tally: TALLY, edited: TALLY.edited }
`);
  const { imports } = JSON.parse(Deno.readTextFileSync(CONFIG));
  project.write("deno.json", JSON.stringify({ imports }));
  project.write("constant.ts", "export const constant = 1;\n");
  project.write(
    "stage.ts",
    `import { defineStage, jsonKind } from "${ENGINE}mod.ts";
import { existsSync } from "node:fs";
import * as z from "zod";
import { constant } from "./constant.ts";

export const giveConstant = defineStage({
  name: "give_constant",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ tally: z.string(), edited: z.string() }),
  inputs: {},
  outputs: { number: jsonKind("number", z.number()) },
  async run({ params }) {
    Deno.writeTextFileSync(params.tally, "waiting\\n", { append: true });
    while (!existsSync(params.edited)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { number: constant };
  },
});
`,
  );
  project.write(
    "main.ts",
    `import { runCli } from "${ENGINE}cli/cli.ts";
import { giveConstant } from "./stage.ts";

Deno.exitCode = await runCli({
  name: "edited",
  version: "0.0.0",
  description: "",
  stages: [giveConstant],
  defaultWorkflow: "workflow.yaml",
  main: import.meta.url,
  permissions: ["--allow-write=" + Deno.cwd()],
}, Deno.args);
`,
  );
  project.main = `${project.folder}/main.ts`;
  return project;
}

Deno.test("a result of code that was edited meanwhile is not kept", async () => {
  using project = projectWithStage();
  const process = project.spawn("run");
  await until(() => project.tally().length > 0);
  project.write("constant.ts", "export const constant = 2;\n");
  Deno.writeTextFileSync(`${project.tallyFile}.edited`, "");
  const { code, out, err } = await ended(process);
  strictEqual(code, 1, out + err);
  match(out, /its code must not change while it runs: constant\.ts did/);

  strictEqual((await project.run("run")).code, 0);
  strictEqual(project.read("runs/edited/outputs/number.number.json"), "2\n");
});
