/**
 * Scores of one folder of label PNGs against another.
 *
 * @module
 */
import { parseImageList } from "../dataset/image_list.ts";
import { pathError } from "../dataset/path_error.ts";
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
 * @throws {RangeError} When a folder or the list is not there, telling all
 *   missing files at once, or naming the image whose sizes differ or whose
 *   labels are not classes.
 */
export function scoreFolders(
  { predictions, truth, list }: FolderPair,
  options: LabelScorerOptions,
): LabelScores {
  const predicted = namesIn(predictions);
  const known = namesIn(truth);
  const ids = list === null ? idsIn(predictions, predicted) : readList(list);
  refuseMissing(ids, [[predictions, predicted], [truth, known]]);
  const scorer = new LabelScorer(options);
  for (const id of ids) {
    scorer.add(id, {
      prediction: readLabels(predictions, id),
      truth: readLabels(truth, id),
    });
  }
  return scorer.scores();
}

/** The names in a folder; a path that is none is the user's slip, not a bug. */
function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
  } catch (error) {
    throw pathError(folder, { error, what: "a folder of PNGs" });
  }
}

function readList(path: string): string[] {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    throw pathError(path, { error, what: "a list of image ids" });
  }
  return parseImageList(bytes, path);
}

function idsIn(folder: string, names: ReadonlySet<string>): string[] {
  const pngs = [...names].filter((name) => name.endsWith(".png"));
  if (pngs.length > 0) return pngs.map((name) => name.slice(0, -4)).sort();
  throw new RangeError(
    `Cannot score "${folder}" as it must hold label PNGs: it holds none`,
  );
}

function readLabels(folder: string, id: string): LabelMap {
  const path = `${folder}/${id}.png`;
  return decodeLabelMap(Deno.readFileSync(path), path);
}

const NAMED = 20;

function refuseMissing(
  ids: readonly string[],
  folders: readonly (readonly [folder: string, names: ReadonlySet<string>])[],
): void {
  const missing = folders.flatMap(([folder, names]) =>
    ids.filter((id) => !names.has(`${id}.png`))
      .map((id) => `${folder}/${id}.png`)
  );
  if (missing.length === 0) return;
  const rest = missing.length - NAMED;
  throw new RangeError(
    `Cannot score ${ids.length} images as each must have a prediction and a ` +
      `truth: missing ${missing.slice(0, NAMED).join(", ")}` +
      (rest > 0 ? ` and ${rest} more` : ""),
  );
}
