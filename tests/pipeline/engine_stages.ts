/**
 * Stages that do next to nothing, to watch the engine at work. Each notes its
 * runs in a file, so that a test can count them whichever process they ran in.
 *
 * @module
 */
import {
  collectionKind,
  defineStage,
  jsonKind,
  listOf,
  METRICS,
} from "../../pipeline/mod.ts";
import { punctuation } from "./engine_punctuation.ts";
import * as z from "zod";

/** A folder of text files. */
export const TEXTS = collectionKind<string>({
  name: "texts",
  extensions: [".txt"],
  decode: (bytes) => new TextDecoder().decode(bytes),
  encode: (text) => new TextEncoder().encode(text),
});

/** A number in a file. */
export const NUMBER = jsonKind("number", z.number());

const tally = z.string().default("").describe("file to note runs in");

function note(file: string, what: string): void {
  if (file !== "") Deno.writeTextFileSync(file, `${what}\n`, { append: true });
}

/** Makes texts `t0`, `t1`, … */
export const makeTexts = defineStage({
  name: "make_texts",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ count: z.int(), word: z.string(), tally }),
  inputs: {},
  outputs: { texts: TEXTS },
  async run({ params, outputs }) {
    note(params.tally, "make_texts");
    for (let i = 0; i < params.count; i++) {
      await outputs.texts.write(`t${i}`, `${params.word} ${i}`);
    }
    return {};
  },
});

/** Puts texts in capitals, in shards; may be slow. */
export const shout = defineStage({
  name: "shout",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ sleepMs: z.number().default(0), tally }),
  inputs: { texts: TEXTS },
  outputs: { texts: TEXTS },
  shards: { over: "texts", size: 4 },
  async run({ params, inputs, outputs, progress }) {
    const { ids } = inputs.texts;
    note(params.tally, `shout ${ids.join(" ")}`);
    for (const [i, id] of ids.entries()) {
      await new Promise((resolve) => setTimeout(resolve, params.sleepMs));
      const text = await inputs.texts.read(id);
      await outputs.texts.write(id, text.toUpperCase() + punctuation);
      progress(i + 1, ids.length, "texts");
    }
    return {};
  },
});

/** Puts texts in small letters, in large shards. */
export const whisper = defineStage({
  name: "whisper",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: { texts: TEXTS },
  outputs: { texts: TEXTS },
  shards: { over: "texts", size: 250 },
  async run({ inputs, outputs }) {
    for (const id of inputs.texts.ids) {
      const text = await inputs.texts.read(id);
      await outputs.texts.write(id, text.toLowerCase());
    }
    return {};
  },
});

/** Counts letters. */
export const countLetters = defineStage({
  name: "count_letters",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ tally }),
  inputs: { texts: TEXTS },
  outputs: { letters: NUMBER, metrics: METRICS },
  async run({ params, inputs }) {
    note(params.tally, "count_letters");
    let letters = 0;
    for (const id of inputs.texts.ids) {
      letters += (await inputs.texts.read(id)).length;
    }
    return { letters, metrics: { letters } };
  },
});

/** Adds one. */
export const addOne = defineStage({
  name: "add_one",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ step: z.number().default(1), tally }),
  inputs: { number: NUMBER },
  outputs: { number: NUMBER },
  run({ params, inputs }) {
    note(params.tally, "add_one");
    return { number: inputs.number + params.step };
  },
});

/** A constant. */
export const giveNumber = defineStage({
  name: "give_number",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ number: z.number(), tally }),
  inputs: {},
  outputs: { number: NUMBER },
  run({ params }) {
    note(params.tally, "give_number");
    return { number: params.number };
  },
});

/** Whether its number is even: unlike inputs often give like outputs. */
export const parityOf = defineStage({
  name: "parity_of",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ tally }),
  inputs: { number: NUMBER },
  outputs: { number: NUMBER },
  run({ params, inputs }) {
    note(params.tally, "parity_of");
    return { number: inputs.number % 2 };
  },
});

/** Goes wrong in a chosen way. */
export const misbehave = defineStage({
  name: "misbehave",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({
    how: z.enum("throw exit memory hang deaf read twice differ".split(" ")),
    path: z.string().default(""),
    tally,
  }),
  inputs: {},
  outputs: { number: NUMBER },
  async run({ params, log, signal }) {
    note(params.tally, "misbehave");
    log(`about to ${params.how}`);
    if (params.how === "throw") throw new Error("Thrown on purpose");
    if (params.how === "exit") Deno.exit(3);
    if (params.how === "memory") fillMemory();
    if (params.how === "hang") await aborted(signal);
    if (params.how === "deaf") {
      await new Promise(() => setInterval(() => {}, 1000));
    }
    if (params.how === "read") Deno.readTextFileSync(params.path);
    if (params.how === "twice" && runsIn(params.tally) === 1) {
      throw new Error("Thrown the first time");
    }
    return { number: params.how === "differ" ? runsIn(params.tally) : 1 };
  },
});

function runsIn(tally: string): number {
  return Deno.readTextFileSync(tally).trim().split("\n").length;
}

function fillMemory(): void {
  const hoard: number[][] = [];
  for (;;) hoard.push(new Array(1e6).fill(hoard.length));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setInterval(() => {}, 1000);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      reject(signal.reason);
    });
  });
}

/** Counts slowly, with a checkpoint after each number. */
export const countSlowly = defineStage({
  name: "count_slowly",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({ to: z.int(), sleepMs: z.number(), tally }),
  keyless: ["sleepMs"],
  inputs: {},
  outputs: { number: NUMBER },
  async run({ params, scratch }) {
    const checkpoint = `${scratch}/checkpoint.txt`;
    let number = 0;
    try {
      number = Number(Deno.readTextFileSync(checkpoint));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    while (number < params.to) {
      await new Promise((resolve) => setTimeout(resolve, params.sleepMs));
      number++;
      note(params.tally, `counted ${number}`);
      Deno.writeTextFileSync(`${checkpoint}.tmp`, String(number));
      Deno.renameSync(`${checkpoint}.tmp`, checkpoint);
    }
    return { number };
  },
});

/** Returns, and leaves something behind that goes on in its process. */
export const leaveBehind = defineStage({
  name: "leave_behind",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({
    what: z.enum(["error", "write", "thrown"]),
    tally,
  }),
  inputs: {},
  outputs: { texts: TEXTS },
  run({ params, outputs }) {
    const later = async () => {
      if (params.what !== "write") throw new Error("Thrown too late");
      await outputs.texts.write("late", "text").catch((error) =>
        note(params.tally, error.message)
      );
    };
    setTimeout(later, 100);
    if (params.what === "thrown") throw new Error("Thrown in time");
    return {};
  },
});

/** Prints past the log. */
export const printAround = defineStage({
  name: "print_around",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: {},
  outputs: { number: NUMBER },
  run() {
    console.table([{ cell: 7 }]);
    console.dir({ directly: 1 });
    const text = '{"no": "message"}\n{"type":"ended"}\nhalf a line';
    Deno.stdout.writeSync(new TextEncoder().encode(text));
    return { number: 1 };
  },
});

/** The sum over all expansions of a step. */
export const addUp = defineStage({
  name: "add_up",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: { numbers: listOf(NUMBER) },
  outputs: { number: NUMBER },
  run: ({ inputs }) => ({
    number: inputs.numbers.reduce((sum, { value }) => sum + value, 0),
  }),
});

/** All of them. */
export const ENGINE_STAGES = [
  makeTexts,
  shout,
  whisper,
  countLetters,
  addOne,
  giveNumber,
  parityOf,
  misbehave,
  addUp,
  countSlowly,
  leaveBehind,
  printAround,
];
