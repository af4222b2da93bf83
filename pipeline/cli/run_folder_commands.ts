/**
 * `ls`, `log`, `metrics` and `clean`: what a run left behind.
 *
 * @module
 */
import { basename } from "node:path";
import { suggestion } from "../workflow/did_you_mean.ts";
import { shownOutputs } from "../run/earlier_outputs.ts";
import { isLogBeingWritten } from "../run/event_log.ts";
import { RunFolder } from "../run/run_folder.ts";
import { runNameProblem } from "../run/run_name.ts";
import { readRunRecord, type RunRecord } from "../run/run_record.ts";
import { namesIn } from "../store/store.ts";
import { formatBytes, formatSeconds } from "./units_of_measure.ts";
import {
  assertRunName,
  CliError,
  EXIT,
  type GlobalOptions,
  type Project,
} from "./project.ts";

/** `ls [run]` */
export async function ls(
  project: Project,
  run: string | undefined,
  options: GlobalOptions,
): Promise<number> {
  if (run === undefined && options.name === undefined) {
    return listRuns(project, options);
  }
  const folder = await project.runFolder(run);
  const states = [...new RunFolder(folder, project.store()).states()];
  const shown = shownOutputs(folder);
  const outputs = states.flatMap(({ step, outputs }) =>
    Object.entries(outputs).map(([output, content]) => ({
      output: `${step}.${output}`,
      ...content,
    }))
  ).filter(({ output }) => shown.has(output));
  if (options.json) project.print(JSON.stringify(outputs, null, 2));
  for (const content of options.json ? [] : outputs) {
    const items = content.form === "tree" ? `${content.count} items, ` : "";
    project.print(
      `${content.digest.slice(0, 12)}  ${content.output}  ` +
        `(${items}${formatBytes(content.sizeBytes)})`,
    );
  }
  return EXIT.ok;
}

function listRuns(project: Project, options: GlobalOptions): number {
  const { runs } = project.options;
  const records = namesIn(runs).sort()
    .map((name) => ({ name, record: readRunRecord(`${runs}/${name}`) }))
    .filter((run): run is { name: string; record: RunRecord } =>
      run.record !== null
    );
  if (options.json) {
    const rows = records.map(({ name, record }) => ({
      name,
      workflow: record.workflow,
      outcome: record.outcome,
      startedAt: record.startedAt,
      seconds: record.seconds,
    }));
    project.print(JSON.stringify(rows, null, 2));
    return EXIT.ok;
  }
  for (const { name, record } of records) {
    project.print(
      `${name}  ${record.outcome}  ${record.startedAt}  ` +
        `${record.steps.length} steps, ${formatSeconds(record.seconds)}`,
    );
  }
  return EXIT.ok;
}

/** `log STEP` */
export async function log(project: Project, step: string): Promise<number> {
  const folder = await project.runFolder();
  const names = namesIn(`${folder}/logs`).sort();
  const wanted = names.filter((name) =>
    name === `${step}.log` || name.startsWith(`${step}.shard`) ||
    name.startsWith(`${step}[`)
  );
  if (wanted.length === 0) project.print(whyNoLog(folder, step, names));
  // Shards tend to say the same, which is told once.
  const alike = Map.groupBy(
    wanted,
    (name) => Deno.readTextFileSync(`${folder}/logs/${name}`).trimEnd(),
  );
  for (const [text, [first, ...others]] of alike) {
    const more = others.length === 0 ? "" : ` and ${others.length} like it`;
    if (wanted.length > 1) {
      project.print(`== ${first!.replace(/\.log$/, "")}${more}`);
    }
    project.print(text);
  }
  return EXIT.ok;
}

/** @throws {CliError} When there is no such step. */
function whyNoLog(
  folder: string,
  step: string,
  names: readonly string[],
): string {
  const steps = namesIn(`${folder}/steps`).map((n) => n.replace(/\.json$/, ""));
  // A step that ran and said nothing has no file.
  const hasRun = (id: string) => id === step || id.startsWith(`${step}[`);
  if (steps.some(hasRun)) return `Step "${step}" said nothing`;
  const logged = names.map((name) => name.replace(/(\.shard\d+)?\.log$/, ""));
  throw new CliError(
    `Cannot find a log of step "${step}" in "${folder}": ` +
      suggestion(step, [...new Set([...steps, ...logged])]),
  );
}

/** `metrics [run]` */
export async function metrics(
  project: Project,
  run: string | undefined,
  options: GlobalOptions,
): Promise<number> {
  const folder = await project.runFolder(run);
  const record = readRunRecord(folder);
  if (record === null) {
    throw new CliError(
      `Cannot read the metrics of "${folder}" as it must hold a run record: ` +
        `it holds none; has the run ended?`,
    );
  }
  if (options.json) {
    project.print(JSON.stringify(record.metrics, null, 2));
  } else {
    for (const [name, value] of Object.entries(record.metrics)) {
      project.print(`${name}  ${value}`);
    }
  }
  return EXIT.ok;
}

/** `clean [run]` */
export async function clean(
  project: Project,
  run: string | undefined,
): Promise<number> {
  if (run !== undefined) assertRunName(run);
  const folder = await project.runFolder(run);
  assertRemovable(folder, project.options.runs);
  Deno.removeSync(folder, { recursive: true });
  project.print(`removed ${folder}; "gc" frees what it alone used`);
  return EXIT.ok;
}

/** Commands that read a run take any path to one, here it would be lost. */
function assertRemovable(folder: string, runs: string): void {
  const name = basename(folder);
  if (folder !== `${runs}/${name}` || runNameProblem(name) !== null) {
    throw new CliError(
      `Cannot remove "${folder}" as it must be a run in "${runs}": it is not`,
    );
  }
  // It would fail, with the step that it is at.
  if (isLogBeingWritten(folder)) {
    throw new CliError(
      `Cannot remove "${folder}" as it must be a run that has ended: it goes on`,
    );
  }
}
