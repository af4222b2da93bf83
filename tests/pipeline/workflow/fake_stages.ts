/**
 * Small stages for tests of the engine: numbers, notes and bundles of notes.
 *
 * @module
 */
import * as z from "zod";
import {
  collectionKind,
  compositeKind,
  defineStage,
  jsonKind,
  listOf,
  optional,
  type Stage,
  valueKind,
} from "../../../pipeline/mod.ts";

export const NUMBER = jsonKind("number", z.number());
export const TEXT = valueKind<string>({
  name: "text",
  extension: ".txt",
  decode: (bytes) => new TextDecoder().decode(bytes),
  encode: (text) => new TextEncoder().encode(text),
});
export const NOTES = collectionKind<string>({
  name: "notes",
  extensions: [".txt"],
  decode: (bytes) => new TextDecoder().decode(bytes),
  encode: (text) => new TextEncoder().encode(text),
});
export const BUNDLE = compositeKind({
  name: "bundle",
  parts: { notes: NOTES, "old/notes": NOTES },
});

/** A number out of nothing. */
export const makeNumber = defineStage({
  name: "make_number",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ value: z.number().describe("any number") }),
  inputs: {},
  outputs: { number: NUMBER },
  run: ({ params }) => ({ number: params.value }),
});

/** One or two numbers added and scaled. */
export const addNumbers = defineStage({
  name: "add_numbers",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({
    scale: z.number().min(0).default(1),
    offset: z.int().default(0),
    note: z.string().optional(),
  }),
  inputs: { left: NUMBER, right: optional(NUMBER) },
  outputs: { number: NUMBER },
  run: ({ params, inputs }) => ({
    number: params.scale * (inputs.left + (inputs.right ?? 0)) + params.offset,
  }),
});

/** All numbers of an expanded step added. */
export const sumNumbers = defineStage({
  name: "sum_numbers",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: { numbers: listOf(NUMBER) },
  outputs: { number: NUMBER },
  run: ({ inputs }) => ({
    number: inputs.numbers.reduce((sum, { value }) => sum + value, 0),
  }),
});

/** A number drawn from the seed, with params of many forms. */
export const drawNumber = defineStage({
  name: "draw_number",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({
    range: z.strictObject({ from: z.number(), to: z.number() }).optional(),
    shape: z.enum(["flat", "round"]).default("flat"),
    weights: z.array(z.number().min(0)).max(3).optional(),
    limit: z.union([z.int(), z.strictObject({ below: z.number() })]).optional(),
  }),
  inputs: {},
  outputs: { number: NUMBER },
  seeded: true,
  isolation: "process",
  run: ({ seed }) => ({ number: seed }),
});

/** A note for each word. */
export const writeNotes = defineStage({
  name: "write_notes",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ words: z.array(z.string()) }),
  inputs: {},
  outputs: { notes: NOTES },
  async run({ params, outputs }) {
    for (const word of params.words) await outputs.notes.write(word, word);
    return {};
  },
});

/** Notes with others kept beside them. */
export const bundleNotes = defineStage({
  name: "bundle_notes",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: { notes: NOTES },
  outputs: { bundle: BUNDLE },
  async run({ inputs, outputs }) {
    for (const id of inputs.notes.ids) {
      await outputs.bundle.notes.write(id, await inputs.notes.read(id));
    }
    return {};
  },
});

/** The notes of a collection in one text. */
export const joinNotes = defineStage({
  name: "join_notes",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: { notes: NOTES, title: optional(TEXT), bundle: optional(BUNDLE) },
  outputs: { text: TEXT },
  async run({ inputs }) {
    const { ids } = inputs.notes;
    const notes = await Promise.all(ids.map((id) => inputs.notes.read(id)));
    return { text: [inputs.title ?? "", ...notes].join("\n") };
  },
});

/** All of them. */
export const FAKE_STAGES: readonly Stage[] = [
  makeNumber,
  addNumbers,
  sumNumbers,
  drawNumber,
  writeNotes,
  bundleNotes,
  joinNotes,
];
