/**
 * Gathers the files of an export: the record of a run, and chosen outputs.
 *
 * @module
 */
import { basename } from "node:path";
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
import { manifestOf, type Member } from "./manifest.ts";

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
 * @throws {RangeError} When bytes are not those that the record tells of.
 */
export function exportRun({ folder, record, chosen }: ExportRequest): Export {
  const files = new Map<string, Uint8Array>();
  for (const output of chosen) {
    if (output.kind.form === "value") addValue(files, folder, output);
    else addFolders(files, folder, output);
  }
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

function addValue(
  files: Map<string, Uint8Array>,
  folder: string,
  { step, output, kind, content }: ChosenOutput,
): void {
  const extension = kind.form === "value" ? kind.extension : "";
  const path = `outputs/${step.id}.${output}${extension}`;
  const bytes = readShown(`${folder}/${path}`);
  assertDigest(`${folder}/${path}`, content, digestOf(bytes));
  files.set(path, bytes);
}

/** All of a folder is read, even if parts of it go along, to be checked. */
function addFolders(
  files: Map<string, Uint8Array>,
  folder: string,
  { step, output, kind, content, parts }: ChosenOutput,
): void {
  const root = `outputs/${step.id}.${output}`;
  const entries: TreeEntry[] = [];
  for (const [part, items] of foldersOf(kind)) {
    const prefix = part === "" ? "" : `${part}/`;
    for (const name of namesShown(`${folder}/${root}/${prefix}`)) {
      if (itemIdOf(name, items) === null) continue;
      const path = prefix + name;
      const bytes = readShown(`${folder}/${root}/${path}`);
      entries.push({ path, digest: digestOf(bytes), sizeBytes: bytes.length });
      const isAsked = parts.includes(null) || parts.includes(part);
      if (isAsked) files.set(`${root}/${path}`, bytes);
    }
  }
  const { digest } = contentOfTree(sortTree(entries));
  assertDigest(`${folder}/${root}`, content, digest);
}

function assertDigest(path: string, { digest }: Content, found: string): void {
  if (found === digest) return;
  throw new RangeError(
    `Cannot export "${path}" as its SHA-256 must be ${digest}, as the run ` +
      `record tells: it is ${found}; "verify" and "run" mend it`,
  );
}

function readShown(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw gone(path, error);
  }
}

function namesShown(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => name);
  } catch (error) {
    throw gone(path, error);
  }
}

function gone(path: string, error: unknown): unknown {
  if (!(error instanceof Deno.errors.NotFound)) return error;
  return new RangeError(
    `Cannot export "${path}" as the run must show it: nothing is there; ` +
      `"run" brings it back`,
  );
}
