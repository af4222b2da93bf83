/**
 * What the engine adds to the work of the stages, as a user waits for it:
 * whole processes, the start of Deno (15 ms) and of the workers included.
 *
 *   deno bench -A tests/bench/engine_bench.ts
 *   ENGINE_BENCH=heavy deno bench -A …         10,000 steps too, some minutes
 *   ENGINE_BENCH_FOLDER=/mnt/tmpfs deno bench -A …   elsewhere than in /tmp
 *
 * Goals, and what peers take (DVC 3.64, Snakemake 9.25, turbo 2.11, nx 22.7,
 * wireit 0.14 and make; on the same kind of machine, 2 cores):
 *
 *   all fresh      goal     make   turbo  nx    wireit    Snakemake  DVC
 *   100 steps      0.11 s   0.002  0.11   0.70  0.54      1.18       1.27
 *   1,000 steps    0.25 s   0.003  0.33   1.60  2.84      1.57       6.02
 *
 *   cold, a step   3 ms     1-2    104    12    9-13      33-48      118-1500
 *   cold, isolated 40 ms    a process of its own that may read its inputs only
 *
 * A cold step is what each step adds to a run of one, which takes 0.2 s.
 *
 *   a chain of 10,000 steps plans and runs; Snakemake fails at 480, too deep
 *
 *   10,000 files   goal     DVC
 *   all fresh      0.3 s    1.24
 *   one changed    0.6 s    4.7
 *   restored       1.5 s    3.0
 *
 * Deno prints the time of an iteration; the table at the end has the smallest
 * and the median wall time and the CPU time (user and system, workers too) of
 * one process. `yardstick` is a fixed loop: divide by its time to compare
 * machines, or one machine on two days.
 *
 * On ext4 a cold run waits for the disk, and making files is slow for half a
 * minute after many were removed: each run has a new folder, and all are
 * removed at the end. On a tmpfs cold steps take a third of the time.
 *
 * @module
 */
import { cpuSeconds, type Goal, ProcessTimes } from "./process_times.ts";

const MAIN = new URL("../pipeline/engine_main.ts", import.meta.url).pathname;
const ROOT = Deno.makeTempDirSync({
  prefix: "engine_bench_",
  dir: Deno.env.get("ENGINE_BENCH_FOLDER"),
});
const isHeavy = Deno.env.get("ENGINE_BENCH") === "heavy";
const times = new ProcessTimes();

addEventListener("unload", () => {
  times.print();
  Deno.removeSync(ROOT, { recursive: true });
});

/** A new folder with a workflow. */
function makeProject(workflow: string): string {
  const folder = Deno.makeTempDirSync({ dir: ROOT });
  Deno.writeTextFileSync(`${folder}/workflow.yaml`, workflow);
  return folder;
}

/** Runs a command in a folder to its end. */
function engine(folder: string, ...args: string[]): void {
  const { success, stderr, stdout } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", MAIN, ...args],
    cwd: folder,
  }).outputSync();
  if (success) return;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  throw new Error(text(stdout) + text(stderr));
}

/** A bench of one process; `before` is not timed. */
function benchProcess(
  name: string,
  of: Goal & {
    group: string;
    n: number;
    before: (i: number) => string;
    args: string[];
  },
): void {
  const { group, n } = of;
  let i = 0;
  Deno.bench({ name, group, n, warmup: 0 }, (bench) => {
    const folder = of.before(i++);
    const startCpu = cpuSeconds();
    const startMs = performance.now();
    bench.start();
    engine(folder, ...of.args);
    bench.end();
    const wall = (performance.now() - startMs) / 1000;
    times.add(name, { wall, cpu: cpuSeconds() - startCpu }, of);
  });
}

Deno.bench({ name: "yardstick", group: "yardstick" }, () => {
  let sum = 0;
  for (let i = 0; i < 5e7; i++) sum = (sum + i * 7) | 0;
  if (sum === 1) throw new Error("Internal error: the loop is gone");
});

// Shapes of workflows

type Shape = (count: number, more?: string) => string;

/** Steps that need nothing. */
const flat: Shape = (count, more = "") =>
  workflow(count, (i) => `stage: give_number, params: { number: ${i} }${more}`);

/** Each step needs the one before. */
const chain: Shape = (count) =>
  workflow(
    count,
    (i) =>
      i === 0
        ? "stage: give_number, params: { number: 0 }"
        : `stage: add_one, inputs: { number: s${i - 1}.number }`,
  );

/** All steps need the first. */
const fan: Shape = (count) =>
  workflow(
    count,
    (i) =>
      i === 0
        ? "stage: give_number, params: { number: 0 }"
        : `stage: add_one, inputs: { number: s0.number }, params: { step: ${i} }`,
  );

function workflow(count: number, step: (i: number) => string): string {
  const steps = Array.from(
    { length: count },
    (_, i) => `  s${i}: { ${step(i)} }\n`,
  );
  return `workflow: bench\nsteps:\n${steps.join("")}`;
}

/** A project in which all is fresh, made when first asked for. */
function fresh(workflow: () => string): () => string {
  let folder: string | null = null;
  return () => {
    if (folder === null) {
      folder = makeProject(workflow());
      engine(folder, "run", "--quiet");
    }
    return folder;
  };
}

// Nothing to do

for (const [steps, goal] of [[100, 0.11], [1000, 0.25]] as const) {
  benchProcess(`all fresh, ${steps} steps`, {
    group: "all fresh",
    n: 15,
    goal,
    before: fresh(() => flat(steps)),
    args: ["run", "--quiet"],
  });
}

// Cold steps

/** Starts, a look at the code, and one worker. */
const ONE_STEP = "cold, 1 step";

benchProcess(ONE_STEP, {
  group: "cold",
  n: 5,
  goal: 0.25,
  before: () => makeProject(flat(1)),
  args: ["run", "--quiet"],
});

const counts = isHeavy ? [100, 1000, 10_000] : [100, 1000];
for (const [shape, make] of Object.entries({ flat, chain, fan })) {
  for (const steps of counts) {
    benchProcess(`cold, ${shape} of ${steps} steps`, {
      group: "cold",
      n: steps < 1000 ? 5 : steps < 10_000 ? 3 : 1,
      goal: 3,
      steps,
      base: ONE_STEP,
      before: () => makeProject(make(steps)),
      args: ["run", "--quiet"],
    });
  }
}

benchProcess("cold, 40 isolated steps", {
  group: "isolated",
  n: 5,
  goal: 40,
  steps: 40,
  before: () => makeProject(flat(40, ", isolation: process")),
  args: ["run", "--quiet"],
});

// Planning

benchProcess("plan of a chain of 10,000 steps", {
  group: "plan",
  n: 5,
  goal: 1,
  before: () => makeProject(chain(10_000)),
  args: ["plan"],
});

/** Two matrices of 3,000, each step of the second gathering all the first. */
const GATHER = `workflow: bench
params: { n: [${Array.from({ length: 3000 }, (_, i) => i).join(", ")}] }
steps:
  a: { stage: give_number, matrix: { n: "\${params.n}" }, params: { number: 1 } }
  b: { stage: add_up, matrix: { m: "\${params.n}" }, inputs: { numbers: a.number } }
`;

benchProcess("plan of 3,000 steps that each gather 3,000", {
  group: "plan",
  n: 3,
  goal: 1,
  before: () => makeProject(GATHER),
  args: ["plan"],
});

// Many small files

const FILES = 10_000;

function makeFiles(): string {
  const folder = makeProject(
    "workflow: bench\nsteps:\n" +
      "  low: { stage: whisper, inputs: { texts: ./notes } }\n",
  );
  Deno.mkdirSync(`${folder}/notes`);
  for (let i = 0; i < FILES; i++) {
    Deno.writeTextFileSync(`${folder}/notes/n${i}.txt`, textOf(i));
  }
  engine(folder, "run", "--quiet");
  return folder;
}

function textOf(i: number | string): string {
  return `Note ${i} ` + "X".repeat(980);
}

let filesFolder: string | null = null;
const files = () => filesFolder ??= makeFiles();

benchProcess("10,000 files, all fresh", {
  group: "files",
  n: 10,
  goal: 0.3,
  before: files,
  args: ["run", "--quiet"],
});

benchProcess("10,000 files, one changed", {
  group: "files",
  n: 5,
  goal: 0.6,
  before(i) {
    Deno.writeTextFileSync(
      `${files()}/notes/n${i * 100}.txt`,
      textOf(`changed ${i}`),
    );
    return files();
  },
  args: ["run", "--quiet"],
});

benchProcess("10,000 files, all restored", {
  group: "files",
  n: 5,
  goal: 1.5,
  before(i) {
    Deno.renameSync(`${files()}/runs`, `${files()}/runs.${i}`);
    return files();
  },
  args: ["run", "--quiet"],
});
