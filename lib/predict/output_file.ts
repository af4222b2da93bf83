/**
 * Files that a user wants written at a path: whole or not at all.
 *
 * @module
 */
import { dirname } from "node:path";

/**
 * Checks, before any work, that files can come to be at some paths.
 *
 * @throws {RangeError} When a folder is missing, a path is one, or two are the
 *   same.
 */
export function assertOutputs(paths: readonly string[]): void {
  for (const [i, path] of paths.entries()) {
    const found = whatIsAt(path);
    if (found === null) assertFolderOf(path);
    if (found === "folder") {
      throw new RangeError(
        `Cannot write "${path}" as it must be a file: it is a folder`,
      );
    }
    if (found !== "device" && paths.indexOf(path) < i) {
      throw new RangeError(
        `Cannot write "${path}" as each output must have a file of its own: ` +
          "it is named twice",
      );
    }
  }
}

function assertFolderOf(path: string): void {
  const folder = dirname(path);
  const found = whatIsAt(folder);
  if (found === "folder") return;
  throw new RangeError(
    `Cannot write "${path}" as its folder "${folder}" must exist: ` +
      (found === null ? "nothing is there" : `it is a ${found}`),
  );
}

/**
 * Writes a file in one move: aside, flushed, renamed. A reader sees the bytes
 * that were there or the new ones, never a part. What is no file, such as
 * `/dev/null` or a pipe, is written to as it is.
 */
export async function writeOutput(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const found = whatIsAt(path);
  if (found === "device") return await Deno.writeFile(path, bytes);
  // A link stays one: its target is replaced.
  const target = found === null ? path : await Deno.realPath(path);
  const aside = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    using file = await Deno.open(aside, { write: true, createNew: true });
    await writeAll(file, bytes);
    await file.syncData();
    await Deno.rename(aside, target);
  } catch (error) {
    removeIfThere(aside);
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function whatIsAt(path: string): "file" | "folder" | "device" | null {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return isFile ? "file" : isDirectory ? "folder" : "device";
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isAbsent) return null;
    throw error;
  }
}
