/**
 * LargeFOV on every engine that this machine has, PyTorch beside them: time of
 * a training step, of a forward pass with and without BCM, and memory. By
 * default the paper's network and sizes; on a machine with a GPU that takes
 * some minutes, and needs no network.
 *
 *   deno run --allow-all tests/bench/largefov.ts [OPTIONS]
 *
 *   --net NAME       full, small or tiny; tiny also runs on what stands in for
 *                    a GPU
 *   --engines LIST   by comma, of: onnxruntime-node cuda, onnxruntime-node
 *                    webgpu, onnxruntime-web webgpu, tfjs webgpu,
 *                    onnxruntime-node cpu; all by default
 *   --kinds LIST     step, forward, loader; all by default
 *   --python PATH    a Python that has PyTorch: runs peer/largefov_torch.py too
 *   --batch N        crops of a training step
 *   --crop PX        their side; 8k + 1
 *   --input PX       side of the picture of a forward pass; 8k + 1
 *   --workers N      threads on a CPU; by default as many as it has
 *   --shard N        crops of one run of the network on a CPU; 2 by default
 *   --seconds N      of each measurement after two warm runs, at least three
 *                    runs; 10 by default
 *   --timeout N      seconds after which an engine is given up; 900 by default
 *   --json           prints JSON instead of tables
 *
 * Times are medians; what the tables say is explained in docs/performance.md.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { markdownTable } from "../../lib/report/markdown_table.ts";
import { watchDeviceMemory } from "./device_memory.ts";
import { type Case, type CaseResult, ENGINES, KINDS } from "./largefov_case.ts";
import { NETS } from "./largefov_sizes.ts";

/** A case, what came of it, and the card's memory. */
interface Row {
  /** Engine and device, or PyTorch and how. */
  readonly name: string;
  readonly kind: Case["kind"];
  readonly result: CaseResult;
  readonly deviceMib: number | null;
}

const { values: options } = parseArgs({
  options: {
    net: { type: "string", default: "full" },
    engines: { type: "string", default: ENGINES.join(",") },
    kinds: { type: "string", default: "step,forward,loader" },
    python: { type: "string" },
    batch: { type: "string" },
    crop: { type: "string" },
    input: { type: "string" },
    workers: { type: "string", default: `${navigator.hardwareConcurrency}` },
    shard: { type: "string", default: "2" },
    seconds: { type: "string", default: "10" },
    timeout: { type: "string", default: "900" },
    json: { type: "boolean", default: false },
  },
});

/** One of some words, or an error that names them. */
function oneOf<T extends string>(word: string, words: readonly T[]): T {
  const known = words.find((each) => each === word);
  if (known !== undefined) return known;
  throw new RangeError(
    `Cannot measure "${word}" as it must be one of: ${words.join(", ")}`,
  );
}

const preset = NETS[oneOf(options.net, ["full", "small", "tiny"])];
const sizes = {
  ...preset,
  batch: Number(options.batch ?? preset.batch),
  crop: Number(options.crop ?? preset.crop),
  input: Number(options.input ?? preset.input),
};
const engines = options.engines.split(",").map((it) => oneOf(it, ENGINES));
const kinds = options.kinds.split(",").map((it) => oneOf(it, KINDS));
const folder = new URL(".", import.meta.url).pathname;

/** The last line of a process's output, read as JSON, or why there is none. */
async function lastLine(
  program: string,
  args: readonly string[],
): Promise<{ value: unknown; deviceMib: number | null }> {
  const memory = await watchDeviceMemory();
  const signal = AbortSignal.timeout(1000 * Number(options.timeout));
  const command = new Deno.Command(program, { args: [...args], signal });
  const { stdout, stderr, code } = await command.output();
  const deviceMib = await memory?.peakMib() ?? null;
  const linesOf = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes).trim().split("\n");
  if (code === 0) {
    return { value: JSON.parse(linesOf(stdout).at(-1)!), deviceMib };
  }
  const why = signal.aborted
    ? `given up after ${options.timeout} s`
    : `ended with code ${code}: ` +
      (linesOf(stderr).find((line) => /error|what\(\)/i.test(line)) ??
        linesOf(stderr).at(-1)!);
  return { value: { skipped: why }, deviceMib };
}

async function rowOf(
  kind: Case["kind"],
  engine: typeof ENGINES[number],
): Promise<Row> {
  const of: Case = {
    ...{ kind, engine, sizes },
    workers: Number(options.workers),
    shard: Number(options.shard),
    seconds: Number(options.seconds),
    isSoftwareAllowed: options.net === "tiny",
  };
  const script = `${folder}largefov_case.ts`;
  const args = ["run", "--allow-all", "--quiet", script, JSON.stringify(of)];
  const { value, deviceMib } = await lastLine(Deno.execPath(), args);
  const name = kind === "loader" ? "one loader" : engine;
  return { name, kind, result: value as CaseResult, deviceMib };
}

/** PyTorch's rows: each way of it in a process of its own. */
async function torchRows(python: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of kinds) {
    if (kind === "loader") continue;
    for (const tf32 of ["off", "on"]) {
      const of = { kind, tf32, sizes, seconds: Number(options.seconds) };
      const script = `${folder}peer/largefov_torch.py`;
      const args = [script, JSON.stringify(of)];
      const { value, deviceMib } = await lastLine(python, args);
      const name = `PyTorch, TF32 ${tf32}`;
      rows.push({ name, kind, result: value as CaseResult, deviceMib });
    }
  }
  return rows;
}

function memoryCells({ result, deviceMib }: Row): string[] {
  const hostMib = "skipped" in result ? null : result.hostMib;
  return [deviceMib, hostMib].map((mib) => mib === null ? "–" : `${mib}`);
}

/** What did not run, and why. */
function skippedLines(rows: readonly Row[]): string[] {
  return rows.flatMap(({ name, kind, result }) =>
    "skipped" in result ? [`${kind}, ${name}: ${result.skipped}`] : []
  );
}

/** Rows of a kind that ran. */
function measured(rows: readonly Row[], kind: Case["kind"]) {
  return rows.flatMap((row) =>
    row.kind === kind && !("skipped" in row.result)
      ? [{ ...row, ...row.result }]
      : []
  );
}

function stepTable(rows: readonly Row[]): string {
  const steps = measured(rows, "step");
  const peer = steps.find(({ name }) => name === "PyTorch, TF32 off");
  const [loader] = measured(rows, "loader");
  const ratio = (a: number, b: number | undefined) =>
    b === undefined ? "–" : (a / b).toFixed(2);
  const title = `step, ${sizes.batch} crops of ${sizes.crop} px`;
  return markdownTable(
    [title, "on", "ms", "/ PyTorch", "loaders", "card MiB", "host MiB"],
    steps.map((row) => [
      row.name,
      row.detail,
      row.ms.step!.toFixed(1),
      ratio(row.ms.step!, peer?.ms.step),
      loader === undefined ? "–" : ratio(loader.ms.batch!, row.ms.step),
      ...memoryCells(row),
    ]),
  );
}

function forwardTable(rows: readonly Row[]): string {
  const head = [
    ...[`forward, ${sizes.input} px`, "on", "plain ms", "BCM ms"],
    ...["BCM / plain", "card MiB", "host MiB"],
  ];
  return markdownTable(
    head,
    measured(rows, "forward").map((row) => [
      row.name,
      row.detail,
      row.ms.plain!.toFixed(1),
      row.ms.bcm!.toFixed(1),
      (row.ms.bcm! / row.ms.plain!).toFixed(3),
      ...memoryCells(row),
    ]),
  );
}

function print(rows: readonly Row[]): void {
  if (options.json) {
    console.log(JSON.stringify({ sizes, rows }, null, 2));
    return;
  }
  if (kinds.includes("step")) console.log(stepTable(rows));
  if (kinds.includes("forward")) console.log(forwardTable(rows));
  for (const { detail, ms } of measured(rows, "loader")) {
    console.log(
      `one loader, from files (${detail}): ${ms.batch!.toFixed(1)} ms for ` +
        `${sizes.batch} crops and their masks\n`,
    );
  }
  for (const line of skippedLines(rows)) console.log(`skipped: ${line}`);
}

const rows: Row[] = [];
for (const kind of kinds) {
  const once = kind === "loader" ? engines.slice(0, 1) : engines;
  for (const engine of once) rows.push(await rowOf(kind, engine));
}
if (options.python) rows.push(...await torchRows(options.python));
print(rows);
