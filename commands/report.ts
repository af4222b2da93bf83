/**
 * `report`: prints what came out of a run and how long its steps took.
 *
 * @module
 */
import { CliError } from "../pipeline/cli/project.ts";
import { formatTimings } from "../pipeline/cli/timings.ts";
import { readRunRecord, type RunRecord } from "../pipeline/run/run_record.ts";
import { readTextIfThere } from "../pipeline/store/durable_file.ts";
import { namesIn } from "../pipeline/store/store.ts";
import { suggestion } from "../pipeline/workflow/did_you_mean.ts";

/** Steps and outputs that a run's report consists of, in this order. */
const PAGES = [
  "report.report",
  "readings.table",
  "attention.table",
  "ablation.table",
];

/** Options of `report`. */
export interface ReportOptions {
  readonly runs: string;
  readonly json?: boolean;
}

/** Prints and writes the report of a run, by its name. */
export function report(name: string, { runs, json }: ReportOptions): void {
  const known = namesIn(runs);
  if (!known.includes(name)) {
    throw new CliError(
      `Cannot find run "${name}" as it must be in "${runs}": ` +
        suggestion(name, known),
    );
  }
  printReport(`${runs}/${name}`, json);
}

/** Prints and writes the report of the run in a folder. */
export function printReport(run: string, isJson = false): void {
  const record = readRunRecord(run);
  if (record === null) {
    throw new CliError(
      `Cannot report on "${run}" as it must be a run that has ended: it has not`,
    );
  }
  const pages = pagesOf(run);
  if (pages.length === 0) {
    const steps = PAGES.map((page) => page.split(".")[0]).join(", ");
    throw new CliError(
      `Cannot report on "${run}" as it must have done a step that writes ` +
        `tables (${steps}): it has done none; what it made is in ` +
        `"${run}/outputs"`,
    );
  }
  const text = [
    ...pages,
    "## Timings\n",
    formatTimings(record),
    ...(record.outcome === "succeeded"
      ? []
      : [`The run's last outcome is "${record.outcome}": parts are older.\n`]),
  ].join("\n");
  Deno.writeTextFileSync(`${run}/report.md`, text);
  const summary = readTextIfThere(`${run}/outputs/report.summary.json`);
  const json = JSON.stringify(reportJson(record, summary), null, 2);
  Deno.writeTextFileSync(`${run}/report.json`, json + "\n");
  console.log(isJson ? json : `${text}\nWritten to ${run}/report.md`);
}

/** The pages of a run; of a step with a matrix, those of all expansions. */
function pagesOf(run: string): string[] {
  const folder = `${run}/outputs`;
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return PAGES.flatMap((page) =>
    files.filter((file) => file.replace(/\[.*\]/, "") === `${page}.md`)
      .map((file) => Deno.readTextFileSync(`${folder}/${file}`))
  );
}

function reportJson(
  { outcome, metrics, steps }: RunRecord,
  summary: string | null,
) {
  const seconds = steps.map((step) => [step.id, step.seconds]);
  return {
    outcome,
    ...JSON.parse(summary ?? "{}"),
    metrics,
    seconds: Object.fromEntries(seconds),
  };
}
