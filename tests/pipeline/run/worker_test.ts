/** What a worker process keeps from one job to the next, and what it must not. */
import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { FlushQueue, MAX_PENDING } from "../../../pipeline/run/flush_queue.ts";
import type { Job } from "../../../pipeline/run/job.ts";
import { LocalExecutor } from "../../../pipeline/run/local_executor.ts";
import { printAround } from "../engine_stages.ts";
import { EngineProject } from "../engine_project.ts";

/** A step that leaves something behind, then one, then one in its process. */
function leaving(what: string, middle: string): string {
  return `
workflow: leftovers
steps:
  first: { stage: leave_behind, params: { what: ${what}, tally: TALLY } }
  middle:
    stage: count_slowly
    isolation: ${middle}
    params: { to: 1, sleepMs: 400 }
  last: { stage: add_one, inputs: { number: middle.number } }
`;
}

Deno.test("a worker that dies while idle gets no further job", async () => {
  using project = new EngineProject(leaving("error", "process"));
  const { code, out } = await project.run("run", "--jobs", "1");
  strictEqual(code, 0, out);
  match(out, /3 run/);
});

Deno.test("what a failed job left in its worker hits no other job", async () => {
  using project = new EngineProject(leaving("thrown", "pool"));
  const { code, out } = await project.run("run", "-k", "--jobs", "1");
  strictEqual(code, 1, out);
  match(out, /Thrown in time/);
  match(out, /2 run, 1 failed/);
});

Deno.test("a job that has ended cannot write items any more", async () => {
  using project = new EngineProject(leaving("write", "pool"));
  const { code, out } = await project.run("run", "--jobs", "1");
  strictEqual(code, 0, out);
  deepStrictEqual(project.tally(), [
    "Cannot write item of texts as the stage must await it before it " +
    'returns: "late"',
  ]);
});

Deno.test("what a stage prints goes to its log, whatever it looks like", async () => {
  using project = new EngineProject(`
workflow: printed
steps: { one: { stage: print_around } }
`);
  const { code, out } = await project.run("run");
  strictEqual(code, 0, out);
  const log = (await project.run("log", "one")).out;
  match(log, /│ +7 │/);
  match(log, /\d\d:\d\d:\d\d \{ directly: 1 \}\n/);
  match(log, /^\{"no": "message"\}\n\{"type":"ended"\}\nhalf a line$/m);
});

Deno.test("LocalExecutor ends a job whose log cannot be written", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "worker_" });
  const job: Job = {
    schema: 1,
    fingerprint: "f",
    name: "one",
    stage: printAround.name,
    module: printAround.module,
    params: {},
    seed: 1,
    cpus: 1,
    inputs: {},
    objects: folder,
    scratch: `${folder}/scratch`,
    log: `${folder}/log`,
  };
  Deno.writeTextFileSync(`${folder}/job.json`, JSON.stringify(job));
  const executor = new LocalExecutor({
    project: new URL("../../..", import.meta.url).pathname,
    permissions: ["--allow-all"],
    entries: folder,
  });
  const handle = await executor.submit({
    ...job,
    folder,
    // Always answers that there is no space left.
    log: "/dev/full",
    isolation: "pool",
    resources: { cpus: 1, gpu: 0, memoryBytes: null, timeMs: null },
    readable: [],
    writable: [],
  });
  const status = await executor.poll(handle);
  strictEqual(status.state, "ended");
  await executor.close();
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("FlushQueue calls no more flushes at once than it may", async () => {
  await using queue = new FlushQueue();
  let running = 0;
  let most = 0;
  let ended = 0;
  const flush = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    ended++;
  };
  await Promise.all(Array.from({ length: 1000 }, () => queue.add(flush)));
  await queue.end();
  strictEqual(most, MAX_PENDING);
  strictEqual(ended, 1000);
});

Deno.test("FlushQueue ends with the first error and calls no more", async () => {
  await using queue = new FlushQueue();
  let calls = 0;
  const flush = () => {
    calls++;
    return Promise.reject(new RangeError("The disk is full"));
  };
  const adds = Array.from({ length: 1000 }, () => queue.add(flush));
  await Promise.allSettled(adds);
  await rejects(queue.end(), { message: "The disk is full" });
  strictEqual(calls, MAX_PENDING);
});

const MEASURE = `
const { measurePeakMemory } = await import(Deno.args[0]);
const hold = () => new Uint8Array(400 * 2 ** 20).fill(1).length;
const first = measurePeakMemory();
hold();
const firstBytes = first();
gc();
await new Promise((resolve) => setTimeout(resolve, 200));
const second = measurePeakMemory();
console.log(JSON.stringify([firstBytes, second()]));
`;

Deno.test("measurePeakMemory tells a job's memory, not an earlier one's", async () => {
  const module = import.meta.resolve("../../../pipeline/run/run_job.ts");
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--expose-gc", MEASURE, module],
    cwd: new URL("../../..", import.meta.url).pathname,
  }).output();
  const [first, second] = JSON.parse(new TextDecoder().decode(stdout));
  ok(first > 400 * 2 ** 20, `${first} bytes`);
  ok(second < 300 * 2 ** 20, `${second} bytes`);
});
