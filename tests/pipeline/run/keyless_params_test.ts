/** Params that change no byte: none of them makes a step run again. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { ended, EngineProject, until } from "../engine_project.ts";

/** `sleepMs` is keyless. */
const SLOW = `
workflow: slow
params: { to: 2, sleepMs: 0, step: 1 }
steps:
  count:
    stage: count_slowly
    params: { to: "\${params.to}", sleepMs: "\${params.sleepMs}", tally: TALLY }
  next:
    stage: add_one
    inputs: { number: count.number }
    params: { step: "\${params.step}", tally: TALLY }
`;

/** What the run record says that the step slept. */
function sleepMsIn(project: EngineProject): number {
  const { steps } = JSON.parse(project.read("runs/slow/run.json"));
  return steps[0].params.sleepMs;
}

Deno.test("a step stays fresh when a keyless param changes", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  const record = project.read("runs/slow/run.json");
  project.tally();

  const set = ["--set", "sleepMs=1"];
  strictEqual(
    (await project.run("plan", ...set)).out,
    "count  fresh\nnext   fresh\n\n" +
      "2 steps: 2 fresh, 0 to restore, 0 to run, 0 decided after these\n",
  );
  strictEqual(
    (await project.run("why", "count", ...set)).out,
    "count: fresh\n",
  );
  match((await project.run("run", ...set)).out, /^all 2 steps fresh/);
  deepStrictEqual(project.tally(), []);
  strictEqual(project.read("runs/slow/run.json"), record);

  // Another that changes is the only reason.
  strictEqual(
    (await project.run("why", "count", ...set, "--set", "to=3")).out,
    "count: stale\n  param `to` 2 -> 3\n",
  );
});

Deno.test("the run record tells the keyless param that a result was made with", async () => {
  using project = new EngineProject(SLOW);
  await project.run("run");
  strictEqual(sleepMsIn(project), 0);

  // Fresh beside a step that runs, and then restored in another run.
  const { out } = await project.run(
    ...["run", "--set", "sleepMs=1", "--set", "step=2"],
  );
  match(out, /done {6}next /);
  strictEqual(sleepMsIn(project), 0);
  await project.run("clean", "slow");
  await project.run("run", "--set", "sleepMs=1");
  strictEqual(sleepMsIn(project), 0);

  await project.run("run", "--set", "sleepMs=1", "--force", "count");
  strictEqual(sleepMsIn(project), 1);
});

Deno.test("a killed step goes on from its checkpoint with another keyless param", async () => {
  using project = new EngineProject(SLOW);
  const process = project.spawn(
    ...["run", "--set", "to=9", "--set", "sleepMs=200"],
  );
  const noted: string[] = [];
  await until(() => noted.push(...project.tally()) >= 2);
  process.kill("SIGKILL");
  await ended(process);

  const { code, err } = await project.run("run", "--set", "to=9");
  strictEqual(code, 0, err);
  noted.push(...project.tally());
  strictEqual(project.read("runs/slow/outputs/count.number.json"), "9\n");
  // One number may have been counted whose checkpoint was not yet written.
  const counted = noted.filter((line) => line.startsWith("counted"));
  strictEqual(counted.length <= 10, true, noted.join());
  strictEqual(sleepMsIn(project), 0);
});
