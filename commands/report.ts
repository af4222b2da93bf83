/**
 * `report`: prints what came out of a run and how long its steps took.
 *
 * @module
 */
import { PAGE } from "../lib/page/made_of.ts";
import { runSummary } from "../lib/report/run_summary.ts";
import { runTables } from "../lib/report/run_tables.ts";
import { isExplained } from "../pipeline/explained_error.ts";
import { CliError } from "../pipeline/cli/project.ts";
import { formatTimings } from "../pipeline/cli/timings.ts";
import { readRunRecord } from "../pipeline/run/run_record.ts";
import { openRun, type RunReader } from "../pipeline/run/run_reader.ts";
import { stateSince } from "../pipeline/run/run_state.ts";
import type { Stage } from "../pipeline/stage.ts";
import { runNamed } from "./run_named.ts";
import { pageFolder, renewRunPage, writeRunPage } from "./run_page.ts";

/** Options of `report`. */
export interface ReportOptions {
  readonly runs: string;
  readonly json?: boolean;
  /** Where the page goes; default: `page` in the run's folder. */
  readonly to?: string;
  /** Of a set, at most so many on the page. */
  readonly pictures?: string;
  /** False: only print, and write the texts. */
  readonly page: boolean;
}

/**
 * Prints the report of a run, and writes it as texts and as a page.
 *
 * @param stages Those that steps of the run may be of.
 */
export async function report(
  name: string,
  { runs, json = false, to, page, pictures }: ReportOptions,
  stages: readonly Stage[],
): Promise<void> {
  const mostPictures = pictures === undefined ? {} : countOf(pictures);
  const run = runNamed(name, runs);
  const texts = await writeTexts(run, stages);
  console.log(json ? texts.json : `${texts.text}\nWritten to ${run}/report.md`);
  if (!page) return;
  const folder = to ?? pageFolder(run);
  // Of a thousand photographs it takes a minute.
  if (Deno.stderr.isTerminal()) console.error("Making the page…");
  await writeRunPage({ run, to: folder, stages, ...mostPictures });
  if (!json) console.log(`Page: ${folder}/${PAGE}`);
}

function countOf(text: string): { mostPictures: number } {
  if (/^[1-9]\d{0,6}$/.test(text)) return { mostPictures: Number(text) };
  throw new CliError(
    `Cannot show "${text}" pictures as it must be a whole number, 1 or more`,
  );
}

/** Prints one screen of what a run gave, and writes its report. */
export async function summarise(
  run: string,
  stages: readonly Stage[],
): Promise<void> {
  const { record } = await writeTexts(run, stages);
  const summary = runSummary(record.metrics);
  if (summary !== "") console.log(`\n${summary}`);
  console.log(`Tables: ${run}/report.md`);
  const to = pageFolder(run);
  try {
    await renewRunPage({ run, to, stages });
    console.log(`Page:   ${to}/${PAGE}`);
  } catch (error) {
    // The run itself has done what it should.
    if (!isExplained(error)) throw error;
    console.log(`No page: ${error.message}`);
  }
}

/** Writes `report.md` and `report.json` of a run. */
async function writeTexts(run: string, stages: readonly Stage[]) {
  const record = readRunRecord(run);
  if (record === null) {
    throw new CliError(
      `Cannot report on "${run}" as it must be a run that has ended: it has not`,
    );
  }
  const opened = openRun(run, stages);
  const tables = await runTables(opened);
  const outcome = stateSince(run, record) ?? record.outcome;
  const text = [
    ...tables.map(({ text }) => text),
    "## Timings\n",
    formatTimings(record),
    ...(outcome === "succeeded" ? [] : [
      `The run's last outcome is "${outcome}": parts are of another time.\n`,
    ]),
  ].join("\n");
  Deno.writeTextFileSync(`${run}/report.md`, text);
  const json = JSON.stringify(await reportJson(opened), null, 2);
  Deno.writeTextFileSync(`${run}/report.json`, json + "\n");
  return { record, text, json };
}

async function reportJson(run: RunReader) {
  const { outcome, metrics, steps } = run.record;
  const seconds = steps.map((step) => [step.id, step.seconds]);
  return {
    outcome,
    ...await labelReports(run),
    metrics,
    seconds: Object.fromEntries(seconds),
  };
}

/** Of several steps, none speaks for the run: each has its own. */
async function labelReports(run: RunReader): Promise<object> {
  const reports: [step: string, summary: object][] = [];
  for (const { id } of run.stepsOf("write_label_report")) {
    reports.push([id, await run.value(id, "summary") as object]);
  }
  return reports.length > 1
    ? { reports: Object.fromEntries(reports) }
    : { ...reports[0]?.[1] };
}
