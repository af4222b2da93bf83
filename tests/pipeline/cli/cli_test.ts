/** Commands as a user types them, and what programs may rely on. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { quote } from "../../../pipeline/workflow/wording.ts";
import { tryLock } from "../../../pipeline/store/file_lock.ts";
import { EngineProject } from "../engine_project.ts";

const TEXTS = `
workflow: texts
params: { word: hi }
steps:
  texts:
    stage: make_texts
    params: { count: 3, word: "\${params.word}" }
  loud: { stage: shout, inputs: { texts: texts.texts } }
  letters: { stage: count_letters, inputs: { texts: loud.texts } }
`;

Deno.test("a name that no run can have is refused before anything is done", async () => {
  using project = new EngineProject(TEXTS);
  const long = "x".repeat(300);
  const refused = async (name: string, problem: string) => {
    const told = `Cannot name a run ${quote(name)} as it ${problem}\n`;
    for (const command of ["run", "plan"]) {
      const { code, err } = await project.run(command, "--name", name);
      deepStrictEqual([code, err], [2, told]);
    }
    const { code, err } = await project.run("clean", "--", name);
    deepStrictEqual([code, err], [2, told]);
  };
  await refused(long, "may have 200 letters: it has 300");
  await refused(
    "a/b",
    'must be letters, digits and _ . + - only: it has "/"',
  );
  await refused(
    ".a",
    'must begin with a letter, a digit or _: it begins with "."',
  );
  await refused("", "must begin with a letter, a digit or _: it is empty");
  project.writeWorkflow(TEXTS.replace("workflow: texts", `workflow: ${long}`));
  const { code, err } = await project.run("run");
  strictEqual(code, 2);
  match(err, /as it may have 200 letters: it has 300\n$/);
});

Deno.test("clean removes a run, and no other folder that looks like one", async () => {
  using project = new EngineProject(TEXTS);
  project.write("runs/texts/steps/a.json", "{}");
  project.write("mine/steps/a.json", "{}");
  project.write("steps/a.json", "{}");
  const named = ["mine", "../mine", ".."].map((name) => ["--name", name]);
  for (const args of [["mine"], ...named]) {
    const { code, err } = await project.run("clean", ...args);
    strictEqual(code, 2);
    match(err, /^Cannot remove ".+" as it must be a run in ".+\/runs": it is /);
  }
  strictEqual(project.read("mine/steps/a.json"), "{}");
  strictEqual((await project.run("clean", "texts")).code, 0);
});

Deno.test("clean removes no run that goes on", async () => {
  using project = new EngineProject(TEXTS);
  project.write("runs/texts/steps/a.json", "{}");
  {
    using _run = tryLock(`${project.folder}/runs/texts/events.jsonl.lock`)!;
    const { code, err } = await project.run("clean", "texts");
    strictEqual(code, 2);
    match(err, / as it must be a run that has ended: it goes on\n$/);
  }
  strictEqual((await project.run("clean", "texts")).code, 0);
});

Deno.test("exit codes: 0 done, 1 failed, 2 wrong usage", async () => {
  using project = new EngineProject(TEXTS);
  const codes = async (...commands: string[][]) => {
    const codes: number[] = [];
    for (const args of commands) codes.push((await project.run(...args)).code);
    return codes;
  };
  deepStrictEqual(
    await codes(["run"], ["--help"], ["--version"], ["plan"], ["verify"]),
    [0, 0, 0, 0, 0],
  );
  deepStrictEqual(
    await codes(
      ["rum"],
      ["run", "--jobs", "x"],
      ["run", "absent.yaml"],
      ["run", "--only", "lettesr"],
      ["run", "--set", "wrod=ho"],
      ["run", "--name", "a/b"],
      ["ls", "absent"],
      ["why"],
    ),
    [2, 2, 2, 2, 2, 2, 2, 2],
  );
  project.writeWorkflow(
    "workflow: w\nsteps: { bad: { stage: misbehave, params: { how: throw } } }",
  );
  deepStrictEqual(await codes(["run"]), [1]);
});

Deno.test("a param's own option sets it, and --set has the last word", async () => {
  using project = new EngineProject(TEXTS);
  const wordOf = async (...args: string[]) => {
    await project.run("run", ...args);
    return JSON.parse(project.read("runs/texts/run.json")).params.word;
  };
  strictEqual(await wordOf("--word", "ho"), "ho");
  strictEqual(await wordOf("--word", "ho", "--set", "word=hey"), "hey");
  match(
    (await project.run("plan", "--word", "hey")).err,
    /'--word <name>' argument 'hey' is invalid. Allowed choices are hi, ho./,
  );
});

Deno.test("mistakes of usage are explained on standard error", async () => {
  using project = new EngineProject(TEXTS);
  const errorOf = async (...args: string[]) =>
    (await project.run(...args)).err.trim();
  match(await errorOf("rum"), /Did you mean run\?/);
  strictEqual(
    await errorOf("run", "--only", "lettesr"),
    'Cannot find step "lettesr" in workflow "texts": did you mean "letters"?',
  );
  strictEqual(
    await errorOf("run", "absent.yaml"),
    'Cannot read workflow "absent.yaml" as it must exist: nothing is there',
  );
  match(
    await errorOf("run", "--set", "wrod=ho"),
    /^Cannot override "wrod" as "params" must have "wrod": did you mean "word"\?/,
  );
});

Deno.test("plan --json tells each step's state, action and reasons", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  const { out } = await project.run("plan", "--json", "--set", "word=ho");
  const { schema, steps } = JSON.parse(out);
  strictEqual(schema, 1);
  deepStrictEqual(
    steps.map((step: Record<string, unknown>) => [
      step.step,
      step.stage,
      step.state,
      step.action,
      typeof step.fingerprint,
    ]),
    [
      ["texts", "make_texts", "stale", "run", "string"],
      ["loud", "shout", "stale", "wait", "object"],
      ["letters", "count_letters", "stale", "wait", "object"],
    ],
  );
  deepStrictEqual(steps[0].reasons, [{
    type: "param_changed",
    param: "word",
    from: "hi",
    to: "ho",
    text: 'param `word` "hi" -> "ho"',
  }]);
  deepStrictEqual(steps[1].reasons, [{
    type: "input_pending",
    input: "texts",
    step: "texts",
    more: 0,
    text: "input texts may change: texts runs first",
  }]);
});

Deno.test("why follows the steps before down to the first that is stale", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  strictEqual((await project.run("why", "letters")).out, "letters: fresh\n");
  const { out } = await project.run("why", "letters", "--set", "word=ho");
  deepStrictEqual(out.trimEnd().split("\n"), [
    "letters: stale",
    "  input texts may change: loud runs first",
    "    loud: input texts may change: texts runs first",
    '    texts: param `word` "hi" -> "ho"',
  ]);
  const json = await project.run("why", "loud", "--json");
  strictEqual(JSON.parse(json.out).steps[0].state, "fresh");
});

Deno.test("ls --json lists outputs, and runs when none is named", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  const outputs = JSON.parse((await project.run("ls", "texts", "--json")).out);
  deepStrictEqual(
    outputs.map(({ digest: _, ...output }: Record<string, unknown>) => output),
    [
      { output: "letters.letters", form: "file", sizeBytes: 3 },
      { output: "letters.metrics", form: "file", sizeBytes: 20 },
      { output: "loud.texts", form: "tree", sizeBytes: 15, count: 3 },
      { output: "texts.texts", form: "tree", sizeBytes: 12, count: 3 },
    ],
  );
  await project.run("run", "--name", "other");
  const runs = JSON.parse((await project.run("ls", "--json")).out);
  deepStrictEqual(
    runs.map(({ name, workflow, outcome }: Record<string, unknown>) => [
      name,
      workflow,
      outcome,
    ]),
    [["other", "texts", "succeeded"], ["texts", "texts", "succeeded"]],
  );
});

Deno.test("metrics gives the numbers of a run", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  strictEqual((await project.run("metrics")).out, "letters  15\n");
  const { out } = await project.run("metrics", "texts", "--json");
  deepStrictEqual(JSON.parse(out), { letters: 15 });
});

Deno.test("log says of a step that said nothing that it did not", async () => {
  using project = new EngineProject(`
workflow: numbers
steps:
  number: { stage: give_number, params: { number: 1 } }
  next: { stage: add_one, inputs: { number: number.number }, matrix: { x: [1] } }
`);
  await project.run("run");
  for (const step of ["number", "next", "next[x=1]"]) {
    const { out } = await project.run("log", step);
    strictEqual(out, `Step "${step}" said nothing\n`);
  }
  match((await project.run("log", "nmber")).err, /did you mean "number"\?/);
});

Deno.test("log tells once what several shards said", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  const logOf = (shard: number) =>
    `${project.folder}/runs/texts/logs/loud.shard${shard}.log`;
  for (const shard of [0, 1, 2]) Deno.writeTextFileSync(logOf(shard), "a\n");
  Deno.writeTextFileSync(logOf(1), "b\n");
  const { out } = await project.run("log", "loud");
  strictEqual(out, "== loud.shard0 and 1 like it\na\n== loud.shard1\nb\n");
});

Deno.test("du tells the size of the store and what each run uses", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  await project.run("run", "--name", "other", "--set", "word=hello");
  const sizes = JSON.parse((await project.run("du", "--json")).out);
  deepStrictEqual(Object.keys(sizes.runs), ["other", "texts"]);
  strictEqual(sizes.runs.other > sizes.runs.texts, true);
  strictEqual(sizes.store.objects >= sizes.runs.other, true);
  strictEqual(sizes.store.damaged, 0);
  match((await project.run("du")).out, /B {2}used by run "texts"\n/);
});

Deno.test("schema prints a JSON Schema that knows the stages", async () => {
  using project = new EngineProject(TEXTS);
  const schema = JSON.parse((await project.run("schema")).out);
  strictEqual(schema.$schema, "http://json-schema.org/draft-07/schema#");
  strictEqual("make_texts" in schema.definitions, true);
});

Deno.test("run --json prints each event as a line", async () => {
  using project = new EngineProject(TEXTS);
  const { out } = await project.run("run", "--json");
  const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  strictEqual(events[0].type, "run_started");
  strictEqual(events[0].steps, 3);
  const { type, outcome, counts } = events.at(-1);
  deepStrictEqual([type, outcome, counts.run], ["run_ended", "succeeded", 3]);
});

Deno.test("graph prints the workflow coloured by state", async () => {
  using project = new EngineProject(TEXTS);
  const { out } = await project.run("graph");
  match(out, /^flowchart TD\n {2}s0\["texts<br\/>.*:::stale\n/);
  match(
    (await project.run("graph", "--format", "dot")).out,
    /"texts" -> "loud"/,
  );
});

Deno.test("a workflow that was read before is not parsed again", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  const names = () =>
    [...Deno.readDirSync(`${project.folder}/.store/workflows`)]
      .map(({ name }) => name);
  const [name] = names();
  match((await project.run("run")).out, /^all 3 steps fresh/);
  deepStrictEqual(names(), [name]);
  await project.run("run", "--set", "word=ho");
  deepStrictEqual(names(), [name]); // overrides are no part of the text
});
