/**
 * `figures`: draws the figures of a run into its folder.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { Figure } from "../lib/figure/figure.ts";
import { figureIndex } from "../lib/figure/figure_index.ts";
import { LeftOut } from "../lib/figure/left_out.ts";
import { FIGURE_IDS, runFigures } from "../lib/figure/run_figures.ts";
import { CliError } from "../pipeline/cli/project.ts";
import { readRunRecord } from "../pipeline/run/run_record.ts";
import { openRun } from "../pipeline/run/run_reader.ts";
import type { Stage } from "../pipeline/stage.ts";
import { removeIfThere, replaceFile } from "../pipeline/store/durable_file.ts";
import { suggestion } from "../pipeline/workflow/did_you_mean.ts";
import { byComma } from "./by_comma.ts";
import { runNamed } from "./run_named.ts";
import { sayLeftOut } from "./say_left_out.ts";

/** Options of `figures`. */
export interface FiguresOptions {
  readonly runs: string;
  /** Ids of figures, by comma. */
  readonly only?: string;
  /** Default: `figures` in the run's folder. */
  readonly to?: string;
  readonly json?: boolean;
}

/** Page that shows all figures of a folder with their captions. */
const INDEX = "index.md";

/**
 * Draws a run's figures. All are drawn before the first is written, so that a
 * damaged run leaves what an earlier call drew; pictures of the user's that
 * cannot be read are left out, and named on the error stream.
 *
 * @param stages Those that steps of the run may be of.
 */
export async function figures(
  name: string,
  { runs, only, to, json = false }: FiguresOptions,
  stages: readonly Stage[],
): Promise<void> {
  const folder = folderOf(name, runs);
  const ids = only === undefined ? FIGURE_IDS : knownIds(byComma(only));
  const leftOut = new LeftOut();
  const drawn = await Array.fromAsync(
    runFigures(openRun(folder, stages), ids, leftOut),
  );
  const target = to ?? `${folder}/figures`;
  if (drawn.length > 0 || existsSync(target)) {
    await writeFigures(drawn, { folder: target, ids, name });
  }
  console.log(json ? asJson(drawn, target) : asText(drawn, target));
  sayLeftOut(leftOut);
}

function folderOf(name: string, runs: string): string {
  const folder = runNamed(name, runs);
  if (readRunRecord(folder) !== null) return folder;
  throw new CliError(
    `Cannot draw figures of "${folder}" as it must be a run that has ended: ` +
      "it has no run record of today's form; run it again",
  );
}

function knownIds(ids: readonly string[]): readonly string[] {
  const odd = ids.filter((id) => !FIGURE_IDS.includes(id));
  if (ids.length > 0 && odd.length === 0) return ids;
  const found = odd.map((id) => `"${id}": ${suggestion(id, FIGURE_IDS)}`);
  throw new CliError(
    `Cannot draw these figures as each must be one of ${
      FIGURE_IDS.join(", ")
    }: ${found.join("; ") || "none is named"}`,
  );
}

/** Figures that could not be drawn now are not left from an earlier call. */
async function writeFigures(
  drawn: readonly Figure[],
  { folder, ids, name }: {
    folder: string;
    ids: readonly string[];
    name: string;
  },
): Promise<void> {
  Deno.mkdirSync(folder, { recursive: true });
  for (const { id, svg } of drawn) {
    await replaceFile(`${folder}/${id}.svg`, svg);
  }
  for (const id of ids) {
    if (drawn.some((figure) => figure.id === id)) continue;
    removeIfThere(`${folder}/${id}.svg`);
  }
  // A page of some of them would say that there are no others.
  if (ids !== FIGURE_IDS) return;
  const page = figureIndex(`Figures of run ${name}`, drawn);
  await replaceFile(`${folder}/${INDEX}`, page);
}

function asJson(drawn: readonly Figure[], folder: string): string {
  const told = drawn.map(({ svg: _, ...words }) => ({
    file: `${folder}/${words.id}.svg`,
    ...words,
  }));
  return JSON.stringify(told, null, 2);
}

function asText(drawn: readonly Figure[], folder: string): string {
  if (drawn.length === 0) {
    return "Drew no figure: the run has done no step that one shows";
  }
  const longest = Math.max(...drawn.map(({ id }) => id.length));
  const lines = drawn.map(({ id, title }) => `${id.padEnd(longest)}  ${title}`);
  return [...lines, "", `Written to ${folder}`].join("\n");
}
