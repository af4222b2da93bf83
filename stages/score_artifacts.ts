/**
 * The kind of artifact that predictions are kept in.
 *
 * @module
 */
import type { ScoreMap } from "../lib/predict/score_map.ts";
import {
  decodeScoreMap,
  encodeScoreMap,
} from "../lib/predict/score_map_file.ts";
import { collectionKind } from "../pipeline/mod.ts";

/** Score maps by image id, as safetensors of float16: an eighth of a picture. */
export const SCORE_MAPS = collectionKind<ScoreMap>({
  name: "score_maps",
  extensions: [".safetensors"],
  decode: decodeScoreMap,
  encode: encodeScoreMap,
});
