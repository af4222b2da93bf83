/** What a run's folder shows of steps that have left its workflow. */
import {
  deepStrictEqual,
  doesNotMatch,
  match,
  strictEqual,
} from "node:assert/strict";
import { EngineProject } from "../engine_project.ts";

Deno.test("outputs are of the workflow as it last ran, earlier ones aside", async () => {
  using project = new EngineProject(`
workflow: seeds
params: { seeds: [1, 2] }
steps:
  number:
    stage: give_number
    matrix: { seed: "\${params.seeds}" }
    params: { number: "\${matrix.seed}", tally: TALLY }
  texts:
    stage: make_texts
    matrix: { seed: "\${params.seeds}" }
    params: { count: 2, word: "n\${matrix.seed}", tally: TALLY }
`);
  const names = (folder: string) =>
    [...Deno.readDirSync(`${project.folder}/runs/seeds/${folder}`)]
      .map(({ name }) => name).sort();
  const ofSeed = (seed: number) => [
    `number[seed=${seed}].number.json`,
    `texts[seed=${seed}].texts`,
  ];
  await project.run("run");
  await project.run("run", "--set", "seeds=[2, 3]");
  deepStrictEqual(names("outputs"), [...ofSeed(2), ...ofSeed(3)].sort());
  deepStrictEqual(names("earlier"), ofSeed(1));
  const { out } = await project.run("ls", "seeds");
  match(out, /number\[seed=3\]\.number/);
  doesNotMatch(out, /seed=1/);

  // What left comes back from the store, which gc kept it in.
  project.tally();
  await project.run("gc");
  await project.run("run");
  deepStrictEqual(project.tally(), []);
  deepStrictEqual(names("outputs"), [...ofSeed(1), ...ofSeed(2)].sort());
  deepStrictEqual(names("earlier"), ofSeed(3));
  strictEqual(
    project.read("runs/seeds/outputs/texts[seed=1].texts/t1.txt"),
    "n1 1",
  );
});

Deno.test("a run that fails leaves what was shown before", async () => {
  using project = new EngineProject(`
workflow: parity
steps: { next: { stage: give_number, params: { number: 2 } } }
`);
  await project.run("run");
  project.writeWorkflow(
    "workflow: parity\nsteps: { bad: { stage: misbehave, params: " +
      "{ how: throw } } }",
  );
  strictEqual((await project.run("run")).code, 1);
  strictEqual(project.read("runs/parity/outputs/next.number.json"), "2\n");
});
