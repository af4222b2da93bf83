/**
 * Scores of one folder of label PNGs against another.
 *
 * @module
 */
import { parseImageList } from "../dataset/image_list.ts";
import { decodeLabelMap } from "../label/label_map_png.ts";
import type { LabelMap } from "../label/label_map.ts";
import {
  LabelScorer,
  type LabelScorerOptions,
  type LabelScores,
} from "./label_scorer.ts";

/** Which folders, and which images of them. */
export interface FolderPair {
  /** Folder of `<id>.png`. */
  readonly predictions: string;
  /** Folder of `<id>.png`. */
  readonly truth: string;
  /** File with an id on each line; null: every prediction. */
  readonly list: string | null;
}

/**
 * Scores predictions against ground truth.
 *
 * @throws {RangeError} Telling all missing files at once, or naming the image
 *   whose sizes differ or whose labels are not classes.
 */
export function scoreFolders(
  { predictions, truth, list }: FolderPair,
  options: LabelScorerOptions,
): LabelScores {
  const ids = list === null
    ? idsIn(predictions)
    : parseImageList(Deno.readFileSync(list), list);
  refuseMissing(ids, [predictions, truth]);
  const scorer = new LabelScorer(options);
  for (const id of ids) {
    scorer.add(id, {
      prediction: readLabels(predictions, id),
      truth: readLabels(truth, id),
    });
  }
  return scorer.scores();
}

function idsIn(folder: string): string[] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".png"));
  if (names.length > 0) return names.map((name) => name.slice(0, -4)).sort();
  throw new RangeError(
    `Cannot score "${folder}" as it must hold label PNGs: it holds none`,
  );
}

function readLabels(folder: string, id: string): LabelMap {
  const path = `${folder}/${id}.png`;
  return decodeLabelMap(Deno.readFileSync(path), path);
}

const NAMED = 20;

function refuseMissing(ids: readonly string[], folders: string[]): void {
  const missing = folders.flatMap((folder) => {
    const there = new Set([...Deno.readDirSync(folder)].map((e) => e.name));
    return ids.filter((id) => !there.has(`${id}.png`))
      .map((id) => `${folder}/${id}.png`);
  });
  if (missing.length === 0) return;
  const rest = missing.length - NAMED;
  throw new RangeError(
    `Cannot score ${ids.length} images as each must have a prediction and a ` +
      `truth: missing ${missing.slice(0, NAMED).join(", ")}` +
      (rest > 0 ? ` and ${rest} more` : ""),
  );
}
