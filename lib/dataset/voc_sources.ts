/**
 * What to fetch, from where and what it must be: `voc_sources.json`, checked.
 *
 * @module
 */
import { z } from "zod";
import json from "./voc_sources.json" with { type: "json" };

/** What can be fetched on its own. */
export const VOC_GROUPS = ["voc", "sbd", "vgg16"] as const;

/** One of {@linkcode VOC_GROUPS}. */
export type VocGroup = typeof VOC_GROUPS[number];

const Count = z.int().min(0);

/** How many files a folder must hold; `max` null: no limit. */
const Holds = z.strictObject({
  folder: z.string().min(1),
  ending: z.string().min(1),
  min: Count,
  max: Count.nullable(),
});

const Place = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.enum(["tar", "zip"]),
    folders: z.record(z.string(), z.string()),
    maxBytes: Count,
    maxEntries: Count,
    holds: z.array(Holds),
  }),
  z.strictObject({
    kind: z.literal("list"),
    to: z.string().min(1),
    ids: Count,
  }),
  z.strictObject({ kind: z.literal("file") }),
]);

const Source = z.strictObject({
  id: z.string().min(1),
  group: z.enum(VOC_GROUPS),
  what: z.string().min(1),
  urls: z.array(z.url()).min(1).describe("tried in this order"),
  saveAs: z.string().min(1).describe("under the data folder"),
  bytes: Count.nullable().describe("exact; null when not known for sure"),
  roughBytes: Count.min(1).describe("for the space check"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
  evidence: z.string().min(1).describe("who says so, and what is unchecked"),
  licence: z.string().min(1),
  place: Place,
});

const Sources = z.strictObject({
  about: z.string(),
  files: z.array(Source),
  dataset: z.strictObject({
    root: z.string().min(1),
    splits: z.strictObject({ train: Count, val: Count, train_aug: Count }),
  }),
});

/** How many files of an ending a folder must hold. */
export type FolderFacts = z.infer<typeof Holds>;
/** One file to fetch. */
export type VocSource = z.infer<typeof Source>;
/** All files to fetch, and what they make together. */
export type VocSources = z.infer<typeof Sources>;

/**
 * Checks a list of sources.
 *
 * @throws {z.ZodError} When it is not of the form of `voc_sources.json`.
 *
 * @example
 * ```ts
 * import { parseVocSources } from "./voc_sources.ts";
 * import { throws } from "node:assert";
 *
 * throws(() => parseVocSources({ files: [] }));
 * ```
 */
export function parseVocSources(value: unknown): VocSources {
  return Sources.parse(value);
}

/** The sources of `voc_sources.json`. */
export const VOC_SOURCES: VocSources = parseVocSources(json);
