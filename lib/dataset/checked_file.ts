/**
 * Files that are what they must be: length and SHA-256.
 *
 * Where no SHA-256 is known, the first one seen is written to `<path>.sha256`
 * (in the format of `sha256sum`) and holds from then on: trust on first use. It
 * shows a change, it does not prove that the first file was right.
 *
 * @module
 */
import { formatCount } from "./_format_count.ts";
import { createHash } from "node:crypto";
import { basename } from "node:path";

/** Why a file could not be had. */
export type DownloadFailure =
  | "refused" // the server's answer cannot be the file
  | "length" // other bytes than announced or expected
  | "content" // not the file that was asked for
  | "gaveUp" // too many attempts in a row brought nothing new
  | "noSpace" // the disk is too full
  | "busy"; // another process writes the same file

/** A download that failed for good; what is whole so far stays on disk. */
export class DownloadError extends Error {
  override name = "DownloadError";
  /** `reason` is for programs, `message` for people. */
  constructor(readonly reason: DownloadFailure, message: string) {
    super(message);
  }
}

/** What the SHA-256 of a file was compared with. */
export type HashCheck =
  | "recorded" // equals the one given
  | "sameAsFirst" // none given; equals `<path>.sha256` of an earlier time
  | "firstUse"; // none given, none seen: written to `<path>.sha256`, unproven

/** A whole file on disk. */
export interface CheckedFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly check: HashCheck;
}

/** What a file must be. */
export interface FileFacts {
  /** Exact length; null when unknown. */
  readonly bytes: number | null;
  /** Lower-case hex; null when unknown: then the first one seen is trusted. */
  readonly sha256: string | null;
}

/** Where a file is, where it will be, and what errors call it. */
export interface FilePlace {
  /** What is read; default: `path`. */
  readonly file?: string;
  /** What errors call it; default: `path`. */
  readonly label?: string;
  readonly signal?: AbortSignal;
}

const READ_BYTES = 1 << 20;

/**
 * Checks the file that is, or will be, at `path`.
 *
 * @throws {DownloadError} `length` or `content`, when it is another file.
 * @throws {Deno.errors.NotFound} When there is none.
 *
 * @example
 * ```ts
 * import { checkFile } from "./checked_file.ts";
 * import { strictEqual } from "node:assert";
 *
 * const path = await Deno.makeTempFile();
 * const facts = { bytes: 0, sha256: null };
 * strictEqual((await checkFile(path, facts)).check, "firstUse");
 * strictEqual((await checkFile(path, facts)).check, "sameAsFirst");
 * await Deno.remove(path);
 * await Deno.remove(`${path}.sha256`);
 * ```
 */
export async function checkFile(
  path: string,
  expected: FileFacts,
  { file = path, label = path, signal }: FilePlace = {},
): Promise<CheckedFile> {
  const { size: bytes } = await Deno.stat(file);
  if (expected.bytes !== null && bytes !== expected.bytes) {
    throw new DownloadError(
      "length",
      `Cannot accept "${label}" as it must have ${
        formatCount(expected.bytes)
      } ` +
        `bytes: has ${formatCount(bytes)}`,
    );
  }
  const sha256 = await sha256OfFile(file, signal);
  const first = expected.sha256 === null ? await firstSeen(path) : null;
  const wanted = expected.sha256 ?? first;
  if (wanted === null) {
    const line = `${sha256}  ${basename(path)}\n`;
    await Deno.writeTextFile(`${path}.sha256`, line);
    return { path, bytes, sha256, check: "firstUse" };
  }
  if (sha256 !== wanted) {
    const source = first === null
      ? ""
      : ` as first seen (in "${path}.sha256"; delete it to trust the new file)`;
    throw new DownloadError(
      "content",
      `Cannot accept "${label}" as its SHA-256 must be ${wanted}${source}: ` +
        `is ${sha256}`,
    );
  }
  const check = first === null ? "recorded" : "sameAsFirst";
  return { path, bytes, sha256, check };
}

async function sha256OfFile(
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  using file = await Deno.open(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(READ_BYTES);
  for (;;) {
    signal?.throwIfAborted();
    const length = await file.read(buffer);
    if (length === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, length));
  }
}

/** The SHA-256 in `<path>.sha256`; null when there is none to be read. */
async function firstSeen(path: string): Promise<string | null> {
  try {
    const text = await Deno.readTextFile(`${path}.sha256`);
    return /^[0-9a-f]{64}(?=\s)/.exec(text)?.[0] ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
