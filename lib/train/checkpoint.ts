/**
 * Checkpoints: all that a training run needs to go on as if nothing had
 * happened, in one safetensors file.
 *
 * A file is written aside, flushed and renamed, so one that has its name is
 * whole, unless the disk fails; a digest tells that. The last two are kept, and
 * none that is numbered above the one just written.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
} from "../net/safetensors.ts";
import { HistoryEntry } from "./history.ts";

/** A training run between two iterations. */
export interface Checkpoint {
  /** Iterations done. */
  readonly iteration: number;
  /** The run's resolved configuration, as JSON. */
  readonly config: string;
  /** What it was trained on, as `engineText` says it. */
  readonly engine: string;
  /** Of learnt parameters, by name. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** Of the same parameters. */
  readonly velocities: ReadonlyMap<string, NamedTensor>;
  readonly history: readonly HistoryEntry[];
}

/** Before the names of velocities in the file. */
const VELOCITY = "velocity:";
const KEPT = 2;
const NAME = /^checkpoint_(\d{8})\.safetensors$/;

const Metadata = z.strictObject({
  format: z.literal("boxfill checkpoint 2"),
  iteration: z.string().regex(/^\d+$/),
  config: z.string(),
  engine: z.string(),
  history: z.string(),
  digest: z.string(),
});

/**
 * Writes a checkpoint into a folder, made if need be, and removes all but it
 * and the one before. Those numbered above it go too: the run has come past
 * them, so they are damaged, or of a run that was given up.
 *
 * @returns The path of the file.
 *
 * @example
 * ```ts
 * import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
 * import { strictEqual } from "node:assert";
 *
 * const folder = await Deno.makeTempDir();
 * const weights = new Map([["w", { shape: [1], data: Float32Array.of(2) }]]);
 * const config = JSON.stringify({ seed: 1 });
 * const engine = "onnxruntime-node on cpu";
 * const learnt = { weights, velocities: weights, history: [] };
 * const run = { iteration: 500, config, engine, ...learnt };
 * await writeCheckpoint(folder, run);
 * const { checkpoint } = await readCheckpoint(folder, config);
 * strictEqual(checkpoint?.iteration, 500);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const number = String(checkpoint.iteration).padStart(8, "0");
  const name = `checkpoint_${number}.safetensors`;
  const path = join(folder, name);
  await writeWhole(path, encodeCheckpoint(checkpoint));
  await flushFolder(folder);
  const names = await namesIn(folder);
  const written = names.indexOf(name);
  for (const [i, other] of names.entries()) {
    const isKept = i >= written && i < written + KEPT;
    if (!isKept) await Deno.remove(join(folder, other));
  }
  return path;
}

/** What a folder of checkpoints has. */
export interface FoundCheckpoint {
  /** The last that is whole; null when there is none. */
  readonly checkpoint: Checkpoint | null;
  /** Why each later one could not be used. */
  readonly damaged: readonly string[];
}

/**
 * The last checkpoint of a folder, or the one before it where that is damaged.
 *
 * @param config The configuration that goes on; JSON, as it was written.
 * @throws {RangeError} When the checkpoint is of another configuration.
 */
export async function readCheckpoint(
  folder: string,
  config: string,
): Promise<FoundCheckpoint> {
  const damaged: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const bytes = await Deno.readFile(path);
    const checkpoint = decodeOrReason(bytes);
    if (typeof checkpoint === "string") {
      damaged.push(`"${path}": ${checkpoint}`);
      continue;
    }
    if (checkpoint.config !== config) {
      throw new RangeError(
        `Cannot resume from "${path}" as it must be of the same ` +
          `configuration: it is of ${checkpoint.config}, not ${config}`,
      );
    }
    return { checkpoint, damaged };
  }
  return { checkpoint: null, damaged };
}

/** Names of checkpoints, the last first; none where there is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => NAME.test(name))
      .sort().reverse();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { weights, velocities, iteration, config, engine, history } =
    checkpoint;
  const tensors = new Map([
    ...weights,
    ...[...velocities].map(([name, tensor]) =>
      [VELOCITY + name, tensor] as const
    ),
  ]);
  const metadata = {
    format: "boxfill checkpoint 2",
    iteration: String(iteration),
    config,
    engine,
    history: JSON.stringify(history),
  };
  const digest = digestOf(tensors, metadata);
  return encodeSafetensors({ tensors, metadata: { ...metadata, digest } });
}

function decodeOrReason(bytes: Uint8Array): Checkpoint | string {
  try {
    return decodeCheckpoint(bytes);
  } catch (error) {
    // What the file's readers throw when it is not as it should be.
    const isOfFile = error instanceof RangeError ||
      error instanceof SyntaxError || error instanceof z.ZodError;
    if (isOfFile) return error.message;
    throw error;
  }
}

function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { digest, ...rest } = Metadata.parse(metadata);
  const found = digestOf(tensors, rest);
  if (found !== digest) {
    throw new RangeError(
      `Cannot use checkpoint as its digest must be ${digest}: ${found}`,
    );
  }
  const weights = new Map<string, NamedTensor>();
  const velocities = new Map<string, NamedTensor>();
  for (const [name, tensor] of tensors) {
    if (!name.startsWith(VELOCITY)) weights.set(name, tensor);
    else velocities.set(name.slice(VELOCITY.length), tensor);
  }
  return {
    iteration: Number(rest.iteration),
    config: rest.config,
    engine: rest.engine,
    weights,
    velocities,
    history: z.array(HistoryEntry).parse(JSON.parse(rest.history)),
  };
}

/** SHA-256 of everything else in the file. */
function digestOf(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): string {
  const hash = createHash("sha256");
  const names = [...tensors.keys()].sort();
  const shapes = names.map((name) => [name, tensors.get(name)!.shape]);
  const keys = Object.keys(metadata).sort();
  hash.update(JSON.stringify([keys.map((key) => metadata[key]), shapes]));
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.data;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.part`;
  {
    using file = await Deno.open(aside, {
      write: true,
      create: true,
      truncate: true,
    });
    let at = 0;
    while (at < bytes.length) at += await file.write(bytes.subarray(at));
    await file.syncData();
  }
  await Deno.rename(aside, path);
}

/** Makes sure that a rename is on the disk; Windows has no such call. */
async function flushFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using file = await Deno.open(folder);
  await file.sync();
}
