import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readRunRecord } from "../../../pipeline/run/run_record.ts";
import { stateSince } from "../../../pipeline/run/run_state.ts";
import { ended, EngineProject, until } from "../engine_project.ts";

const SLOW = `
workflow: slow
steps:
  count:
    stage: count_slowly
    params: { to: 10, sleepMs: 60, tally: TALLY }
`;

Deno.test("stateSince tells of a run that was killed, until one has ended", async () => {
  using project = new EngineProject(SLOW);
  const folder = `${project.folder}/runs/slow`;
  const state = () => stateSince(folder, readRunRecord(folder));
  strictEqual((await project.run("run")).code, 0);
  strictEqual(state(), null);

  project.tally();
  const process = project.spawn("run", "--force", "count");
  await until(() => project.tally().length > 0);
  strictEqual(state(), "running");
  process.kill("SIGKILL");
  await ended(process);
  strictEqual(state(), "broken off");

  // All is there from before: nothing runs, but the record is told anew.
  match((await project.run("run")).out, /^all 1 steps? fresh/);
  strictEqual(state(), null);
});

Deno.test("a record of other bytes than are shown is refused, and told anew by run", async () => {
  using project = new EngineProject(`
workflow: w
steps: { bad: { stage: misbehave, params: { how: differ, tally: TALLY } } }
`);
  const file = "runs/w/run.json";
  strictEqual((await project.run("run")).code, 0);
  const old = project.read(file);
  match((await project.run("run", "--force", "bad")).out, /not deterministic/);
  // As after a kill between the run's last event and its record.
  project.write(file, old);
  const { err } = await project.run("export", "w");
  match(
    err,
    /must hold what its run record tells of: step bad is of another run;/,
  );
  match((await project.run("run")).out, /^all 1 steps? fresh/);
  strictEqual((await project.run("export", "w")).code, 0);
});

Deno.test("a record by an earlier version, of another digest, stays as it is", async () => {
  using project = new EngineProject(SLOW);
  const file = "runs/slow/run.json";
  strictEqual((await project.run("run")).code, 0);
  const { stepsDigest, ...record } = JSON.parse(project.read(file));
  const digest = stepsDigest.replaceAll(/./g, "5");
  const old = JSON.stringify({ ...record, stepsDigest: digest });
  project.write(file, old);
  match((await project.run("run")).out, /^all 1 steps? fresh/);
  strictEqual(project.read(file), old);
});

Deno.test("a run that failed before steps with results of earlier is not told to be unended", async () => {
  using project = new EngineProject("");
  const write = (sleepMs: number, timeout: string) =>
    project.writeWorkflow(`
workflow: w
steps:
  texts: { stage: make_texts, params: { count: 3, word: ab } }
  loud:
    stage: shout
    inputs: { texts: texts.texts }
    params: { sleepMs: ${sleepMs} }
    timeout: ${timeout}
  letters: { stage: count_letters, inputs: { texts: loud.texts } }
`);
  write(0, "1h");
  strictEqual((await project.run("run")).code, 0);
  write(1000, "0.2s");
  strictEqual((await project.run("run")).code, 1);
  const { err } = await project.run("export", "w");
  match(err, /its run record tells of: step letters is of another run; /);
});

Deno.test("a record tells nothing of what another run measured of other bytes", async () => {
  using project = new EngineProject(`
workflow: w
steps: { bad: { stage: misbehave, params: { how: differ, tally: TALLY } } }
`);
  await project.run("run");
  await project.run("run", "--name", "other", "--force", "bad");
  Deno.removeSync(`${project.folder}/runs/w/run.json`);
  strictEqual((await project.run("run")).code, 0);
  const secondsIn = (run: string) =>
    JSON.parse(project.read(`runs/${run}/run.json`)).steps[0].seconds;
  deepStrictEqual([secondsIn("w"), secondsIn("other") > 0], [null, true]);
});
