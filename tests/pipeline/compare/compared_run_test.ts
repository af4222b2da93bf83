import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type ComparedRun,
  openExport,
  openRunFolder,
} from "../../../pipeline/compare/compared_run.ts";
import { EngineProject } from "../engine_project.ts";
import { ENGINE_STAGES } from "../engine_stages.ts";

const FLOW = `
workflow: w
steps:
  texts: { stage: make_texts, params: { count: 2, word: ab } }
  loud: { stage: shout, inputs: { texts: texts.texts } }
  letters: { stage: count_letters, inputs: { texts: FOLDER/mine } }
`;

/** A run that reads another step's texts, and some from outside. */
async function ran(): Promise<EngineProject> {
  const project = new EngineProject(FLOW);
  project.writeWorkflow(FLOW.replace("FOLDER", project.folder));
  project.write("mine/x.txt", "xyz");
  strictEqual((await project.run("run", "-q")).code, 0);
  return project;
}

function openFolder(project: EngineProject): ComparedRun {
  return openRunFolder(`${project.folder}/runs/w`, {
    named: "w",
    stages: ENGINE_STAGES,
  });
}

/** Exports with some outputs, and opens what was written. */
async function exported(
  project: EngineProject,
  ...args: string[]
): Promise<ComparedRun> {
  strictEqual((await project.run("export", "w", ...args)).code, 0);
  return await openExport(`${project.folder}/w.tar.zst`, {
    stages: ENGINE_STAGES,
  });
}

/** Texts that a step read, or why they are not there. */
async function textsOf(run: ComparedRun, step: string): Promise<unknown> {
  const found = run.inputItems(step, "texts");
  if (!found.ok) return found.why;
  const { ids, read } = found.value;
  return await Promise.all(ids.map((id) => read(id)));
}

Deno.test("a run's items and values are read from its folder and from an export alike", async () => {
  using project = await ran();
  const runs = [
    openFolder(project),
    await exported(project, "--with", "texts.texts"),
  ];
  for (const run of runs) {
    deepStrictEqual(await textsOf(run, "loud"), ["ab 0", "ab 1"]);
    deepStrictEqual(await run.value("letters", "letters"), {
      ok: true,
      value: 3,
    });
  }
});

Deno.test("what a side does not hold is told with the reason", async () => {
  using project = await ran();
  const run = await exported(project);
  strictEqual(await textsOf(run, "loud"), "texts.texts is not there");
  const mine = `${project.folder}/mine`;
  strictEqual(await textsOf(run, "letters"), `${mine} is not in the export`);
  strictEqual(await textsOf(run, "letrs"), "step letrs is unknown");
  deepStrictEqual(await textsOf(openFolder(project), "letters"), ["xyz"]);
  deepStrictEqual(run.inputItems("loud", "words"), {
    ok: false,
    why: 'step loud has no one folder as "words"',
  });
  deepStrictEqual(await run.value("loud", "texts"), {
    ok: false,
    why: "loud.texts is no file",
  });
});

Deno.test("items and values that are no longer what the run had are not believed", async () => {
  using project = await ran();
  project.write("mine/x.txt", "changed");
  const run = openFolder(project);
  const mine = `${project.folder}/mine`;
  strictEqual(
    await textsOf(run, "letters"),
    `${mine} is not what step letters read`,
  );
  const file = `${project.folder}/runs/w/outputs/letters.letters.json`;
  Deno.removeSync(file);
  const away = { ok: false, why: "letters.letters is not there" };
  deepStrictEqual(await run.value("letters", "letters"), away);
  Deno.writeTextFileSync(file, "4\n");
  const damaged = { ok: false, why: "letters.letters is damaged" };
  deepStrictEqual(await run.value("letters", "letters"), damaged);
});
