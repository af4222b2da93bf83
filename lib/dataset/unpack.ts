/**
 * Archives from strangers, unpacked with care.
 *
 * Only the folders asked for come out, and only files. A name that leads
 * elsewhere, a link or a device anywhere in the archive refuses it whole, as do
 * more bytes or entries than allowed. All is written beside its place first and
 * moved there when whole; a kill leaves nothing half written.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { tarEntries, zipEntries } from "./_archive_entries.ts";
import type { ArchiveEntry } from "./_archive_entries.ts";
import { formatCount } from "./_format_count.ts";

/** An archive that cannot be unpacked; nothing of it is in place. */
export class UnpackError extends Error {
  override name = "UnpackError";
}

/** What to take out of an archive, and how much of it. */
export interface UnpackOptions {
  readonly kind: "tar" | "zip";
  /** Folder in the archive → folder under `into`; all else stays inside. */
  readonly folders: Readonly<Record<string, string>>;
  /** Most bytes to write in all. */
  readonly maxBytes: number;
  /** Most entries in the archive, taken or not. */
  readonly maxEntries: number;
  readonly signal?: AbortSignal;
  /** Told of progress after every file. */
  readonly onProgress?: (written: Unpacked) => void;
}

/** What has been written. */
export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Unpacks folders of `archive` into `into`. Files already there are replaced by
 * those of the same name, others stay.
 *
 * @throws {UnpackError} When the archive is broken, unsafe, too large or lacks
 *   one of the folders.
 * @throws {DOMException} When `signal` aborts.
 *
 * @example
 * ```ts
 * import { unpack } from "./unpack.ts";
 * import { rejects } from "node:assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/a.zip`, "not a zip");
 * await rejects(() =>
 *   unpack(`${folder}/a.zip`, folder, {
 *     kind: "zip",
 *     folders: { masks: "VOC2012/SegmentationClassAug" },
 *     maxBytes: 1e9,
 *     maxEntries: 20_000,
 *   })
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function unpack(
  archive: string,
  into: string,
  options: UnpackOptions,
): Promise<Unpacked> {
  // The same name every time, so that what a kill left is swept up.
  const scratch = join(into, `.unpacking-${basename(archive)}`);
  await removeTree(scratch);
  try {
    const written = await extract(archive, scratch, options);
    for (const folder of Object.values(options.folders)) {
      await moveInto(join(scratch, folder), join(into, folder));
    }
    return written;
  } finally {
    await removeTree(scratch);
  }
}

/** Writes what is asked for under `scratch`. */
async function extract(
  archive: string,
  scratch: string,
  options: UnpackOptions,
): Promise<Unpacked> {
  const { kind, folders, signal, onProgress } = options;
  const written = { files: 0, bytes: 0 };
  const lacking = new Set(Object.keys(folders));
  const entries = kind === "tar" ? tarEntries(archive) : zipEntries(archive);
  let entryCount = 0;
  for await (const entry of readable(archive, entries)) {
    signal?.throwIfAborted();
    assertLimit(archive, options.maxEntries, ++entryCount, "entries");
    const name = safeName(archive, entry);
    const folder = folderOf(name, folders);
    if (entry.kind === "folder" || folder === null) continue;
    lacking.delete(folder);
    const place = join(folders[folder]!, name.slice(folder.length));
    assertLimit(archive, options.maxBytes, written.bytes + entry.size, "bytes");
    await writeEntry(archive, entry, join(scratch, place));
    written.files += 1;
    written.bytes += entry.size;
    onProgress?.({ ...written });
  }
  for (const folder of lacking) {
    throw failure(archive, `it must hold files in "${folder}"`, "none there");
  }
  return written;
}

/** Writes one file, no longer than announced and with the right CRC-32. */
async function writeEntry(
  archive: string,
  entry: ArchiveEntry,
  path: string,
): Promise<void> {
  using file = await createFile(archive, entry, path);
  let bytes = 0;
  let sum = 0;
  for await (const chunk of readable(archive, entry.content())) {
    bytes += chunk.length;
    if (bytes > entry.size) break;
    if (entry.crc32 !== null) sum = crc32(chunk, sum);
    for (let at = 0; at < chunk.length;) {
      at += await file.write(chunk.subarray(at));
    }
  }
  if (bytes !== entry.size) {
    const must = `"${entry.name}" must have ${formatCount(entry.size)} bytes`;
    throw failure(archive, must, bytes > entry.size ? "has more" : "has fewer");
  }
  if (entry.crc32 !== null && sum !== entry.crc32) {
    const must = `the CRC-32 of "${entry.name}" must be ${hex(entry.crc32)}`;
    throw failure(archive, must, `is ${hex(sum)}`);
  }
}

async function createFile(
  archive: string,
  { name }: ArchiveEntry,
  path: string,
): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    return await Deno.open(path, { write: true, createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw failure(archive, "its names must not clash", `"${name}" does`);
  }
}

/** The items; errors of the archive readers become `UnpackError`s. */
async function* readable<T>(
  archive: string,
  items: AsyncIterable<T>,
): AsyncIterable<T> {
  try {
    yield* items;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw failure(archive, "it must be whole", message.replace(/\.$/, ""));
  }
}

/** The name without "." parts, once it is known to stay inside. */
function safeName(archive: string, { name, kind, what }: ArchiveEntry): string {
  if (kind === "other") {
    const must = "it must hold files and folders only";
    throw failure(archive, must, `${JSON.stringify(name)} is a ${what}`);
  }
  const parts = name.split("/");
  const leadsOut = name.startsWith("/") || /[\\\0]|^[A-Za-z]:/.test(name) ||
    parts.includes("..");
  if (leadsOut || name === "") {
    const must = "its names must stay inside the folder";
    throw failure(archive, must, `one is ${JSON.stringify(name)}`);
  }
  return parts.filter((part) => part !== "." && part !== "").join("/");
}

/** The wanted folder that `name` is in, else null. */
function folderOf(
  name: string,
  folders: UnpackOptions["folders"],
): string | null {
  const inside = (folder: string) => name.startsWith(`${folder}/`);
  return Object.keys(folders).find(inside) ?? null;
}

function assertLimit(
  archive: string,
  limit: number,
  value: number,
  unit: string,
): void {
  if (value <= limit) return;
  throw failure(
    archive,
    `it may hold ${formatCount(limit)} ${unit}`,
    "holds more",
  );
}

function failure(archive: string, must: string, found: string): UnpackError {
  return new UnpackError(`Cannot unpack "${archive}" as ${must}: ${found}`);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** Moves a file or folder; into a folder that is there, its content. */
async function moveInto(from: string, to: string): Promise<void> {
  const there = await kindOf(to);
  if (there === null) await Deno.mkdir(dirname(to), { recursive: true });
  if (there !== "folder" || await kindOf(from) !== "folder") {
    return await Deno.rename(from, to);
  }
  for await (const { name } of Deno.readDir(from)) {
    await moveInto(join(from, name), join(to, name));
  }
}

async function kindOf(path: string): Promise<"folder" | "file" | null> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function removeTree(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
