/** Whose results gc keeps, and what it may ask for to know them. */
import { match, strictEqual } from "node:assert/strict";
import { ended, EngineProject, type Outcome } from "../engine_project.ts";

const NUMBER = `
workflow: number
steps: { number: { stage: give_number, params: { number: 1 } } }
`;

/** Runs a command with the rights that a project's tasks have. */
function runAsTask(
  project: EngineProject,
  flags: readonly string[],
  ...args: string[]
): Promise<Outcome> {
  const rights = ["--no-prompt", "--allow-read", "--allow-write=.store,runs"];
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", ...rights, ...flags, project.main, ...args],
    cwd: project.folder,
    stdout: "piped",
    stderr: "piped",
  });
  return ended(command.spawn());
}

Deno.test("gc only reads the runs that it may not write to", async () => {
  using project = new EngineProject(NUMBER);
  await project.run("run", "--runs", "elsewhere");
  const { code, out, err } = await runAsTask(project, [], "gc", "--json");
  strictEqual(code, 0, err);
  strictEqual(JSON.parse(out).keptObjects, 1);
});

Deno.test("gc removes nothing while it cannot read all runs, and says which", async () => {
  using project = new EngineProject(NUMBER);
  await project.run("run", "--runs", "elsewhere");
  const folder = Deno.realPathSync(project.folder);
  const elsewhere = `${folder}/elsewhere`;
  const { code, err } = await runAsTask(
    project,
    [`--deny-read=${elsewhere}`],
    "gc",
  );
  strictEqual(code, 1);
  const told = `^Cannot collect garbage in "${folder}/\\.store" as the runs ` +
    `in "${elsewhere}", which were made with it, must be readable: ` +
    `Requires read access to "${elsewhere}", run again with the ` +
    `--allow-read flag\\. If they are no more, remove "(.+/roots/\\w+)"$`;
  match(err, new RegExp(told, "m"));
  const [, note] = new RegExp(told, "m").exec(err)!;
  strictEqual(Deno.readTextFileSync(note!), elsewhere);
  match((await project.run("verify")).out, /^1 objects/);
});
