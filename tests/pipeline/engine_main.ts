/**
 * A project of trivial stages: the engine's command line without any science.
 *
 * @module
 */
import { runCli } from "../../pipeline/cli/cli.ts";
import { ENGINE_STAGES } from "./engine_stages.ts";

Deno.exitCode = await runCli({
  name: "engine",
  version: "0.0.0",
  description: "Trivial stages to watch the engine at work.",
  stages: ENGINE_STAGES,
  defaultWorkflow: "workflow.yaml",
  main: new URL("../../main.ts", import.meta.url).href,
  report: (run) =>
    Promise.resolve(console.log(`report of ${run.split("/").at(-1)}`)),
  paramOptions: [{
    param: "word",
    choices: ["hi", "ho"],
    description: "what is shouted",
  }],
  permissions: [`--allow-write=${Deno.cwd()}`],
}, Deno.args);
