/** What happens when steps go wrong: throw, die, hang, read what they may not. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { ended, EngineProject, until } from "../engine_project.ts";

function misbehaving(how: string, more = ""): string {
  return `
workflow: trouble
steps:
  bad:
    stage: misbehave
    params: { how: ${how}, tally: TALLY }
    ${more}
  after_bad:
    stage: add_one
    inputs: { number: bad.number }
  good:
    stage: give_number
    params: { number: 1, tally: TALLY }
  after_good:
    stage: add_one
    inputs: { number: good.number }
    params: { tally: TALLY }
`;
}

Deno.test("a step that throws fails with its message and the end of its log", async () => {
  using project = new EngineProject(misbehaving("throw"));
  const { code, out } = await project.run("run", "--jobs", "1");
  strictEqual(code, 1);
  match(out, /failed {4}bad\n {4}Error: Thrown on purpose\n/);
  match(out, /last lines of .*bad\.log:\n {4}\d\d:\d\d:\d\d about to throw/);
  match(out, /skipped {3}after_bad: it needs bad/);
  match((await project.run("log", "bad")).out, /about to throw/);
});

Deno.test("--keep-going runs what needs no failed step", async () => {
  using project = new EngineProject(misbehaving("throw"));
  await project.run("run", "--jobs", "1");
  deepStrictEqual(project.tally(), ["misbehave"]);
  const { code, out } = await project.run("run", "-k", "--jobs", "1");
  strictEqual(code, 1);
  deepStrictEqual(project.tally(), ["add_one", "give_number", "misbehave"]);
  match(out, /failed: 2 run, 1 failed, 1 not reached/);
});

Deno.test("a step whose process ends is a failed step, not a dead run", async () => {
  using project = new EngineProject(misbehaving("exit"));
  const { code, out } = await project.run("run", "-k");
  strictEqual(code, 1);
  match(out, /The process of the step died \(exit code 3\)/);
  match(out, /2 run, 1 failed/);
});

Deno.test("a step that runs out of memory is a failed step", async () => {
  using project = new EngineProject(
    misbehaving(
      "memory",
      "isolation: process\n    resources: { memory: 64MiB }",
    ).replace(", tally: TALLY }", " }"),
  );
  const { code, out } = await project.run("run", "-k");
  strictEqual(code, 1);
  match(out, /The process of the step died/);
  match(out, /heap|memory/i);
  match(out, /2 run, 1 failed/);
});

Deno.test("a step that outlasts its timeout is ended", async () => {
  using project = new EngineProject(misbehaving("hang", "timeout: 300ms"));
  const { code, out } = await project.run("run", "-k");
  strictEqual(code, 1);
  match(out, /The step took longer than its timeout of 0\.3 s and was ended/);
});

Deno.test("a step is tried again as often as it says", async () => {
  using project = new EngineProject(misbehaving("twice", "retries: 1"));
  const { code, out } = await project.run("run", "--only", "bad");
  strictEqual(code, 0);
  match(out, /retrying {2}bad: attempt 1 failed; next in 1 s/);
  deepStrictEqual(project.tally(), ["misbehave", "misbehave"]);
});

Deno.test("an isolated step cannot read what it did not declare", async () => {
  using project = new EngineProject(`
workflow: trouble
steps:
  bad:
    stage: misbehave
    isolation: process
    params: { how: read, path: /etc/hostname }
`);
  const { code, out } = await project.run("run");
  strictEqual(code, 1);
  match(out, /^ {4}Requires read access to "\/etc\/hostname"/m);
});

Deno.test("an isolated step reads its inputs and writes its outputs", async () => {
  using project = new EngineProject(`
workflow: apart
steps:
  texts:
    stage: make_texts
    isolation: process
    params: { count: 6, word: hi }
  loud: { stage: shout, isolation: process, inputs: { texts: texts.texts } }
  outside: { stage: shout, isolation: process, inputs: { texts: ./notes } }
  letters:
    stage: count_letters
    isolation: process
    inputs: { texts: loud.texts }
`);
  project.write("notes/a.txt", "a");
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
  strictEqual(project.read("runs/apart/outputs/letters.letters.json"), "30\n");
  strictEqual(project.read("runs/apart/outputs/outside.texts/a.txt"), "A!");
});

Deno.test("an isolated step keeps checkpoints in its scratch folder", async () => {
  using project = new EngineProject(`
workflow: apart
steps:
  number:
    stage: count_slowly
    isolation: process
    params: { to: 3, sleepMs: 1 }
`);
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
});

Deno.test("Ctrl-C stops the run, and the next run goes on", async () => {
  using project = new EngineProject(misbehaving("hang"));
  const process = project.spawn("run", "--only", "bad");
  await until(() => project.tally().length > 0);
  process.kill("SIGINT");
  const { code, out } = await ended(process);
  strictEqual(code, 130);
  match(out, /stopping: waiting for 1 running job to stop/);
  match(out, /stopped: 1 not reached/);
});

Deno.test("a second Ctrl-C ends a step that does not listen", async () => {
  using project = new EngineProject(`
workflow: slow
steps: { slow: { stage: misbehave, params: { how: deaf, tally: TALLY } } }
`);
  const process = project.spawn("run");
  await until(() => project.tally().length > 0);
  process.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill("SIGINT");
  strictEqual((await ended(process)).code, 130);
});

Deno.test("a step that asks for more than there is says so", async () => {
  using project = new EngineProject(
    misbehaving("throw", "resources: { gpu: 2 }"),
  );
  const { code, out } = await project.run("run", "--only", "bad");
  strictEqual(code, 1);
  match(out, /Cannot run step "bad" as it asks 2 gpu of 0/);
});
