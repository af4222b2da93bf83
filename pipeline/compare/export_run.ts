/**
 * Gathers the files of an export: the record of a run, and chosen outputs.
 *
 * @module
 */
import { basename } from "node:path";
import type { ArtifactKind } from "../artifact.ts";
import { formatBytes } from "../cli/units_of_measure.ts";
import type { RunRecord } from "../run/run_record.ts";
import { digestOf } from "../store/digest.ts";
import {
  type Content,
  contentOfTree,
  foldersOf,
  itemIdOf,
  sortTree,
  type TreeEntry,
} from "../store/tree.ts";
import type { Export } from "./archive.ts";
import type { ChosenOutput } from "./choose_outputs.ts";
import { LIMITS, manifestOf, type Member } from "./manifest.ts";

/** A run that is to be exported. */
export interface ExportRequest {
  /** Of the run. */
  readonly folder: string;
  readonly record: RunRecord;
  readonly chosen: readonly ChosenOutput[];
}

/**
 * Gathers an export, every byte checked against the run record.
 *
 * @throws {RangeError} When it is larger than readers take, which is told
 *   before anything is read, or bytes are not those that the record tells of.
 */
export function exportRun({ folder, record, chosen }: ExportRequest): Export {
  const outputs = chosen.map((output) => shownOutput(folder, output));
  assertSmall(outputs.flatMap(({ files }) => files.filter(isAlong)));
  const files = new Map<string, Uint8Array>();
  for (const output of outputs) addOutput(files, folder, output);
  const members = [...files].map(([path, bytes]): Member => ({
    path,
    sizeBytes: bytes.length,
    sha256: digestOf(bytes),
  })).sort((a, b) => a.path < b.path ? -1 : 1);
  return { manifest: manifestOf(shareable(record, folder), members), files };
}

/** A record without what says where it was made: exports go to others. */
export function shareable(record: RunRecord, folder: string): RunRecord {
  const run = basename(folder).replaceAll(/[^A-Za-z0-9_.+-]|^\./g, "_");
  return { ...record, run, host: { ...record.host, name: "" } };
}

/** An output as the run shows it. */
interface ShownOutput {
  /** From the run's folder on. */
  readonly path: string;
  readonly content: Content;
  readonly files: readonly ShownFile[];
}

interface ShownFile {
  /** From the run's folder on. */
  readonly path: string;
  /** In the output's folder. */
  readonly name: string;
  readonly sizeBytes: number;
  /** All of a folder is read to be checked, even if parts of it go along. */
  readonly isAlong: boolean;
}

function isAlong({ isAlong }: ShownFile): boolean {
  return isAlong;
}

function shownOutput(
  folder: string,
  { step, output, kind, content, parts }: ChosenOutput,
): ShownOutput {
  const extension = kind.form === "value" ? kind.extension : "";
  const path = `outputs/${step.id}.${output}${extension}`;
  const files = namesOf(`${folder}/${path}`, kind).map(([part, name]) => {
    const file = name === "" ? path : `${path}/${name}`;
    const isAlong = parts.includes(null) || parts.includes(part);
    const sizeBytes = sizeShown(`${folder}/${file}`);
    return { path: file, name, sizeBytes, isAlong };
  });
  return { path, content, files };
}

/** Files of an output with their parts; "" for the one file of a value. */
function namesOf(
  path: string,
  kind: ArtifactKind,
): (readonly [part: string, name: string])[] {
  if (kind.form === "value") return [["", ""]];
  return foldersOf(kind).flatMap(([part, items]) => {
    const prefix = part === "" ? "" : `${part}/`;
    return namesShown(`${path}/${prefix}`)
      .filter((name) => itemIdOf(name, items) !== null)
      .map((name) => [part, prefix + name] as const);
  });
}

/** What no reader would take is not written. */
function assertSmall(files: readonly ShownFile[]): void {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (files.length <= LIMITS.members && total <= LIMITS.unpackedBytes) return;
  throw new RangeError(
    `Cannot export so much as an export may hold ${LIMITS.members} files and ` +
      `${formatBytes(LIMITS.unpackedBytes)}: these are ${files.length} and ` +
      formatBytes(total),
  );
}

function addOutput(
  along: Map<string, Uint8Array>,
  folder: string,
  { path, content, files }: ShownOutput,
): void {
  const entries = files.map((file): TreeEntry => {
    const bytes = readShown(`${folder}/${file.path}`);
    if (file.isAlong) along.set(file.path, bytes);
    return {
      path: file.name,
      digest: digestOf(bytes),
      sizeBytes: bytes.length,
    };
  });
  const { digest } = content.form === "file"
    ? entries[0]!
    : contentOfTree(sortTree(entries));
  assertDigest(`${folder}/${path}`, content, digest);
}

function assertDigest(path: string, { digest }: Content, found: string): void {
  if (found === digest) return;
  throw new RangeError(
    `Cannot export "${path}" as its SHA-256 must be ${digest}, as the run ` +
      `record tells: it is ${found}; "verify" and "run" mend it`,
  );
}

function sizeShown(path: string): number {
  return ifShown(path, () => Deno.statSync(path).size);
}

function readShown(path: string): Uint8Array {
  return ifShown(path, () => Deno.readFileSync(path));
}

function namesShown(path: string): string[] {
  return ifShown(path, () => [...Deno.readDirSync(path)])
    .map(({ name }) => name);
}

function ifShown<Value>(path: string, look: () => Value): Value {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(
      `Cannot export "${path}" as the run must show it: nothing is there; ` +
        `"run" brings it back`,
    );
  }
}
