import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { openRun } from "../../../pipeline/run/run_reader.ts";
import { EngineProject } from "../engine_project.ts";
import { ENGINE_STAGES } from "../engine_stages.ts";

const FLOW = `
workflow: w
steps:
  texts:
    stage: make_texts
    matrix: { word: [a, b.c] }
    params: { count: 2, word: "\${matrix.word}" }
  loud:
    stage: shout
    matrix: { word: [a, b.c] }
    inputs: { texts: texts.texts }
  letters: { stage: count_letters, inputs: { texts: ./mine } }
`;

Deno.test("openRun reads what steps gave and what they read", async () => {
  using project = new EngineProject(FLOW);
  project.write("mine/x.txt", "xyz");
  await project.run("run");
  const run = openRun(
    `${project.folder}/runs/w`,
    ENGINE_STAGES,
    project.folder,
  );
  const [, loud] = run.stepsOf("shout");
  deepStrictEqual([loud!.id, loud!.name, loud!.axes, loud!.origins], [
    "loud[word=b.c]",
    "loud",
    { word: "b.c" },
    {
      texts: [{
        from: "step",
        step: "texts[word=b.c]",
        output: "texts",
        part: null,
      }],
    },
  ]);
  const texts = run.items(loud!.id, "texts");
  deepStrictEqual(texts.ids, ["t0", "t1"]);
  strictEqual(await texts.read("t1"), "B.C 1!");
  strictEqual(await run.inputItems(loud!.id, "texts").read("t1"), "b.c 1");
  strictEqual(await run.inputItems("letters", "texts").read("x"), "xyz");
  strictEqual(await run.value("letters", "letters"), 3);
});

Deno.test("openRun says what a run does not hold", async () => {
  using project = new EngineProject(FLOW);
  project.write("mine/x.txt", "xyz");
  const folder = `${project.folder}/runs/w`;
  throws(() => openRun(folder, ENGINE_STAGES), {
    message: `Cannot read "${folder}" as it must be a run that has ended: ` +
      "it has no run record of today's form",
  });
  await project.run("run");
  const run = openRun(folder, ENGINE_STAGES, project.folder);
  const cannot = (what: string, found: string) => ({
    message: `Cannot read "${what}" of a run as the run must hold it: ${found}`,
  });
  throws(() => run.items("lout", "texts"), cannot("lout", "no step"));
  throws(() => run.items("letters", "x"), cannot("letters.x", "no output"));
  const texts = run.items("texts[word=a]", "texts");
  throws(
    () => texts.path("t9"),
    cannot(`${folder}/outputs/texts[word=a].texts/t9`, "no item"),
  );
  Deno.removeSync(texts.path("t0"));
  await rejects(
    texts.read("t0"),
    cannot(texts.path("t0"), "no such file or folder"),
  );
});
