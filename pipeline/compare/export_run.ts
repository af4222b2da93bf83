/**
 * What of a run goes into an export: its record, its small texts and tables,
 * and what else is asked for.
 *
 * @module
 */
import { basename } from "node:path";
import type { ArtifactKind, Parts } from "../artifact.ts";
import type { RunRecord, StepRecord } from "../run/run_record.ts";
import type { Stage } from "../stage.ts";
import { digestOf } from "../store/digest.ts";
import {
  type Content,
  contentOfTree,
  foldersOf,
  itemIdOf,
  sortTree,
  type TreeEntry,
} from "../store/tree.ts";
import { suggestion } from "../workflow/did_you_mean.ts";
import type { Export } from "./archive.ts";
import { manifestOf, type Member } from "./manifest.ts";

/** Of outputs that go along unasked: those that people and scripts read. */
const TEXT_EXTENSIONS = [".json", ".md", ".txt", ".csv"];

/** Larger ones are asked for by name. */
const SMALL_BYTES = 1024 * 1024;

/** A run that is to be exported. */
export interface ExportRequest {
  /** Of the run. */
  readonly folder: string;
  readonly record: RunRecord;
  readonly stages: readonly Stage[];
  /** Outputs asked for: `OUTPUT`, `STEP.OUTPUT`, either with `/PART`. */
  readonly also: readonly string[];
}

/**
 * Gathers an export, every byte checked against the run record.
 *
 * @throws {RangeError} When an output asked for is none of the run's, or bytes
 *   are not those that the record tells of.
 */
export function exportRun(
  { folder, record, stages, also }: ExportRequest,
): Export {
  const outputs = outputsOf(record, stages);
  assertKnown(also, outputs);
  const files = new Map<string, Uint8Array>();
  for (const output of outputs) {
    const parts = output.parts.filter(({ names }) =>
      names.some((name) => also.includes(name))
    );
    if (output.kind.form === "value") {
      if (isSmallText(output) || parts.length > 0) {
        addValue(files, folder, output);
      }
    } else if (parts.length > 0) {
      addFolders(files, folder, {
        output,
        parts: parts.map(({ part }) => part),
      });
    }
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

/** One output of a step, and what it may be asked for by. */
interface Output {
  readonly step: StepRecord;
  readonly output: string;
  readonly kind: ArtifactKind;
  readonly content: Content;
  /** The whole of it as null, then the parts of a composite. */
  readonly parts: readonly {
    readonly part: string | null;
    readonly names: readonly string[];
  }[];
}

function outputsOf(record: RunRecord, stages: readonly Stage[]): Output[] {
  const known = new Map(stages.map((stage) => [stage.name, stage]));
  return record.steps.flatMap((step) =>
    Object.entries(step.outputs).map(([output, content]): Output => {
      const kind: ArtifactKind | undefined = known.get(step.stage)
        ?.outputs[output];
      if (kind === undefined) {
        throw new RangeError(
          `Cannot export output "${step.id}.${output}" as its stage must be ` +
            `known: ${step.stage} has no such output`,
        );
      }
      const parts = kind.form === "composite"
        ? Object.keys(kind.parts as Parts)
        : [];
      return {
        step,
        output,
        kind,
        content,
        parts: [null, ...parts].map((part) => ({
          part,
          names: namesOf(step, output).map((name) =>
            part === null ? name : `${name}/${part}`
          ),
        })),
      };
    })
  );
}

function namesOf({ id, name }: StepRecord, output: string): string[] {
  return [output, `${name}.${output}`, `${id}.${output}`];
}

function assertKnown(
  also: readonly string[],
  outputs: readonly Output[],
): void {
  const known = new Set(
    outputs.flatMap(({ parts }) => parts.flatMap(({ names }) => names)),
  );
  const unknown = also.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const told = unknown.map((name) =>
    `"${name}" is none, ${suggestion(name, [...known])}`
  );
  throw new RangeError(
    `Cannot export what is asked for as each must be an output of the run: ` +
      told.join("; "),
  );
}

function isSmallText({ kind, content }: Output): boolean {
  return kind.form === "value" && TEXT_EXTENSIONS.includes(kind.extension) &&
    content.sizeBytes <= SMALL_BYTES;
}

function addValue(
  files: Map<string, Uint8Array>,
  folder: string,
  { step, output, kind, content }: Output,
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
  { output: { step, output, kind, content }, parts }: {
    output: Output;
    parts: readonly (string | null)[];
  },
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
