/** What runs, what is skipped and what is restored. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { EngineProject } from "../engine_project.ts";

const TEXTS = `
workflow: texts
params: { word: hi, count: 8 }
steps:
  texts:
    stage: make_texts
    params: { count: "\${params.count}", word: "\${params.word}", tally: TALLY }
  loud:
    stage: shout
    inputs: { texts: texts.texts }
    params: { tally: TALLY }
  letters:
    stage: count_letters
    inputs: { texts: loud.texts }
    params: { tally: TALLY }
`;

const PARITY = `
workflow: parity
params: { number: 1 }
steps:
  number:
    stage: give_number
    params: { number: "\${params.number}", tally: TALLY }
  parity:
    stage: parity_of
    inputs: { number: number.number }
    params: { tally: TALLY }
  next:
    stage: add_one
    inputs: { number: parity.number }
    params: { tally: TALLY }
`;

Deno.test("run skips fresh steps", async () => {
  using project = new EngineProject(TEXTS);

  // Initially stale, so every step runs, the sharded one once a shard.
  strictEqual((await project.run("run")).code, 0);
  strictEqual(project.tally().length, 2 + 2);

  const { code, out } = await project.run("run");
  strictEqual(code, 0);
  match(out, /^all 3 steps fresh: nothing to do/);
  deepStrictEqual(project.tally(), []);
});

Deno.test("run runs what a param changes, and restores what it saw", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run");
  project.tally();

  await project.run("run", "--set", "number=2");
  deepStrictEqual(project.tally(), ["add_one", "give_number", "parity_of"]);

  // Back to a state seen before: nothing runs.
  const { out } = await project.run("run");
  deepStrictEqual(project.tally(), []);
  match(out, /restored {2}number: param `number` 2 -> 1/);
  strictEqual(project.read("runs/parity/outputs/next.number.json"), "2\n");
});

Deno.test("run leaves dependants fresh when a step gave the same bytes", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run");
  project.tally();

  const { out } = await project.run("run", "--set", "number=3");
  deepStrictEqual(project.tally(), ["give_number", "parity_of"]);
  match(out, /done {6}parity .*same bytes as before/);
});

Deno.test("run shares results between runs of other names", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run");
  project.tally();
  await project.run("run", "--name", "other");
  deepStrictEqual(project.tally(), []);
  strictEqual(
    project.read("runs/other/outputs/next.number.json"),
    project.read("runs/parity/outputs/next.number.json"),
  );
});

Deno.test("run links outputs to the store, read-only, without a copy", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run");
  const path = `${project.folder}/runs/parity/outputs/next.number.json`;
  const info = Deno.statSync(path);
  strictEqual(info.mode! & 0o777, 0o444);
  strictEqual(info.nlink, 2);
});

Deno.test("run restores an output that was removed from the run's folder", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  project.tally();
  const path = `${project.folder}/runs/texts/outputs/loud.texts/t3.txt`;
  Deno.removeSync(path);

  match(
    (await project.run("plan")).out,
    /loud .*output missing: texts\/t3\.txt/,
  );
  await project.run("run");
  deepStrictEqual(project.tally(), []);
  strictEqual(Deno.readTextFileSync(path), "HI 3!");
});

Deno.test("run replaces an output that was edited in the run's folder", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run");
  const path = `${project.folder}/runs/parity/outputs/next.number.json`;
  Deno.removeSync(path);
  Deno.writeTextFileSync(path, "99\n");
  await project.run("run");
  strictEqual(Deno.readTextFileSync(path), "2\n");
});

Deno.test("run runs only the shard whose item changed", async () => {
  using project = new EngineProject(`
workflow: outside
steps:
  loud:
    stage: shout
    inputs: { texts: ./notes }
    params: { tally: TALLY }
`);
  for (let i = 0; i < 12; i++) project.write(`notes/n${i}.txt`, `note ${i}`);
  await project.run("run");
  project.tally();

  project.write("notes/n5.txt", "another note");
  const { out } = await project.run("run");
  match(out, /input texts changed: n5\.txt/);
  const [shard, ...others] = project.tally();
  deepStrictEqual(others, []);
  match(shard!, /^shout .*\bn5\b/);
  strictEqual(
    project.read("runs/outside/outputs/loud.texts/n5.txt"),
    "ANOTHER NOTE!",
  );
  strictEqual(
    project.read("runs/outside/outputs/loud.texts/n6.txt"),
    "NOTE 6!",
  );
});

Deno.test("run drops outputs of items that are gone", async () => {
  using project = new EngineProject(`
workflow: outside
steps: { loud: { stage: shout, inputs: { texts: ./notes } } }
`);
  for (const id of ["a", "b"]) project.write(`notes/${id}.txt`, id);
  await project.run("run");
  Deno.removeSync(`${project.folder}/notes/a.txt`);
  await project.run("run");
  const names = [...Deno.readDirSync(
    `${project.folder}/runs/outside/outputs/loud.texts`,
  )].map(({ name }) => name);
  deepStrictEqual(names, ["b.txt"]);
});

Deno.test("run does nothing when files were only touched", async () => {
  using project = new EngineProject(`
workflow: outside
steps:
  loud: { stage: shout, inputs: { texts: ./notes }, params: { tally: TALLY } }
`);
  project.write("notes/a.txt", "a");
  await project.run("run");
  project.tally();
  Deno.utimeSync(`${project.folder}/notes/a.txt`, 5, 5);
  match((await project.run("run")).out, /^all 1 steps fresh/);
  deepStrictEqual(project.tally(), []);
});

Deno.test("run finds nothing to do after the project was moved", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run");
  using moved = new EngineProject(project.read("workflow.yaml"));
  for (const name of [".store", "runs"]) {
    Deno.renameSync(`${project.folder}/${name}`, `${moved.folder}/${name}`);
  }
  match((await moved.run("run")).out, /^all 3 steps fresh/);
});

Deno.test("run --force runs a fresh step again, --only and --from choose", async () => {
  using project = new EngineProject(PARITY);
  await project.run("run", "--only", "parity");
  deepStrictEqual(project.tally(), []);

  await project.run("run", "--only", "number");
  deepStrictEqual(project.tally(), ["give_number"]);

  await project.run("run");
  deepStrictEqual(project.tally(), ["add_one", "parity_of"]);

  await project.run("run", "--force", "number");
  deepStrictEqual(project.tally(), ["give_number"]);

  await project.run("run", "--from", "parity");
  deepStrictEqual(project.tally(), ["parity_of"]);
});

Deno.test("run --only says which step must be up to date first", async () => {
  using project = new EngineProject(PARITY);
  const { code, out } = await project.run("run", "--only", "parity");
  strictEqual(code, 1);
  match(
    out,
    /Cannot run only the steps asked for as step "number", which feeds them, must be up to date: it is stale; run it first/,
  );
});

Deno.test("run --dry-run runs nothing", async () => {
  using project = new EngineProject(PARITY);
  const { code, out } = await project.run("run", "--dry-run");
  strictEqual(code, 0);
  match(out, /number {2}stale: never run/);
  deepStrictEqual(project.tally(), []);
});

Deno.test("run expands a matrix and gathers its results in a list", async () => {
  using project = new EngineProject(`
workflow: grid
steps:
  number:
    stage: give_number
    matrix: { n: [1, 2, 3] }
    params: { number: "\${matrix.n}" }
  next:
    stage: add_one
    matrix: { n: [1, 2, 3] }
    inputs: { number: number.number }
  sum:
    stage: add_up
    inputs: { numbers: next.number }
`);
  strictEqual((await project.run("run")).code, 0);
  strictEqual(project.read("runs/grid/outputs/next[n=2].number.json"), "3\n");
  strictEqual(project.read("runs/grid/outputs/sum.number.json"), "9\n");
});

Deno.test("a step that waits for its twin says so, and tells no waiting as its time", async () => {
  const count = "{ stage: count_slowly, params: { to: 4, sleepMs: 50 } }";
  const shout =
    "{ stage: shout, inputs: { texts: ./mine }, params: { sleepMs: 50 } }";
  for (const twin of [count, shout]) {
    using project = new EngineProject(
      `workflow: twins\nsteps:\n  one: ${twin}\n  two: ${twin}\n`,
    );
    for (const name of ["a", "b", "c"]) project.write(`mine/${name}.txt`, name);
    const { out } = await project.run("run", "--jobs", "2", "--json");
    const events = out.trim().split("\n").map((line) => JSON.parse(line));
    const of = (type: string) => events.filter((event) => event.type === type);
    deepStrictEqual(
      of("step_waiting").map(({ step, twin }) => [step, twin]),
      [["two", "one"]],
    );
    const { steps } = JSON.parse(project.read("runs/twins/run.json"));
    const two = of("step_ended").find(({ step }) => step === "two");
    strictEqual(two.seconds, steps[1].seconds);
  }
});
