/**
 * The manifest of an export: the record of a run, and what lies beside it.
 *
 * @module
 */
import * as z from "zod";
import type { RunRecord } from "../run/run_record.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { type Digest, digestOf } from "../store/digest.ts";
import { RecordForm } from "./record_form.ts";
import { UnreadableRun } from "./unreadable_run.ts";
import { checkUntrusted, readUntrustedJson } from "./untrusted_json.ts";

/** What an export may hold; readers stop there, whatever a file says. */
export interface ExportLimits {
  /** Of the file as it lies on disk. */
  readonly fileBytes: number;
  readonly manifestBytes: number;
  /** Of all members together. */
  readonly unpackedBytes: number;
  readonly members: number;
}

/** Enough for the maps of all models of a data set of some thousand items. */
export const LIMITS: ExportLimits = {
  fileBytes: 2 ** 30,
  manifestBytes: 2 ** 26,
  unpackedBytes: 2 ** 30,
  members: 100_000,
};

/** One file of an export. */
export interface Member {
  /** `outputs/STEP.OUTPUT.json` or `outputs/STEP.OUTPUT/ITEM.txt`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: Digest;
}

/** What an export says of itself. */
export interface Manifest {
  readonly kind: "run-export";
  readonly schema: 1;
  readonly record: RunRecord;
  /** In code unit order of their paths; none when it stands alone. */
  readonly members: readonly Member[];
  /** Of all the above, as canonical JSON. */
  readonly sha256: Digest;
}

/** Makes the manifest of members that are in order. */
export function manifestOf(
  record: RunRecord,
  members: readonly Member[],
): Manifest {
  const content = { kind: "run-export", schema: 1, record, members } as const;
  return { ...content, sha256: digestOf(canonicalJson(content)) };
}

/** A manifest as it is written. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(manifest, null, 2) + "\n");
}

/** Neither absolute nor leading upwards, nor odd on some other system. */
const MEMBER_PATH =
  /^outputs(\/(?!\.\.?(\/|$))[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/]{1,255}){1,8}$/u;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256");

const Form = z.strictObject({
  kind: z.literal("run-export"),
  schema: z.literal(1),
  record: RecordForm,
  members: z.array(z.strictObject({
    path: z.string().max(1000)
      .regex(MEMBER_PATH, "must be a plain path under outputs/"),
    sizeBytes: z.int().min(0),
    sha256: Sha256,
  })),
  sha256: Sha256,
});

/**
 * Reads a manifest.
 *
 * @throws {UnreadableRun} When it is none, was changed, or goes beyond limits.
 */
export function decodeManifest(
  bytes: Uint8Array,
  { path, limits = LIMITS }: { path: string; limits?: ExportLimits },
): Manifest {
  const refuse = (problem: string) => new UnreadableRun(path, problem);
  if (bytes.length > limits.manifestBytes) {
    throw refuse(
      `its manifest may have ${limits.manifestBytes} bytes: ` +
        `it has ${bytes.length}`,
    );
  }
  const read = readUntrustedJson(bytes);
  if (!read.ok) throw refuse(`its manifest ${read.problem}`);
  const checked = checkUntrusted(read.value, Form);
  if (!checked.ok) throw refuse(`its manifest ${checked.problem}`);
  const { sha256, ...content } = read.value as Manifest;
  if (digestOf(canonicalJson(content)) !== sha256) {
    throw refuse(
      "its manifest must have the SHA-256 that it names: it has not",
    );
  }
  const manifest = checked.value as unknown as Manifest;
  const problem = memberProblem(manifest.members, limits);
  if (problem !== null) throw refuse(problem);
  return manifest;
}

function memberProblem(
  members: readonly Member[],
  { members: most, unpackedBytes }: ExportLimits,
): string | null {
  if (members.length > most) {
    return `it may hold ${most} files: it names ${members.length}`;
  }
  const total = members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total > unpackedBytes) {
    return `it may hold ${unpackedBytes} bytes: it names ${total}`;
  }
  const isInOrder = members.every(({ path }, i) =>
    i === 0 || members[i - 1]!.path < path
  );
  return isInOrder
    ? null
    : "its members must be in order, each once: they are not";
}
