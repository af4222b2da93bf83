/**
 * Files that are there whole or not at all, even after a crash.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { writingError } from "../system_error.ts";

let lastTemporary = 0;

/** A name no other writer uses: process id and a counter. */
export function temporaryName(): string {
  return `${Deno.pid}-${Date.now().toString(36)}-${
    (lastTemporary++).toString(36)
  }`;
}

/** Makes a file and gives it open: its bytes are in the system's cache only. */
export function createFile(path: string, bytes: Uint8Array): Deno.FsFile {
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    let written = 0;
    while (written < bytes.length) {
      written += file.writeSync(bytes.subarray(written));
    }
    return file;
  } catch (error) {
    file.close();
    throw writingError(error, path);
  }
}

/** Waits until all that was written to a file is on disk. */
export async function flushFile(
  file: Deno.FsFile,
  path: string,
): Promise<void> {
  try {
    await file.syncData();
  } catch (error) {
    throw writingError(error, path);
  }
}

/**
 * As {@link replaceFile}, but a loss of power may leave the file empty or gone:
 * for what can be made again and is checked when read.
 */
export function replaceCheaply(path: string, text: string): void {
  const aside = `${path}.${temporaryName()}.tmp`;
  try {
    Deno.writeTextFileSync(aside, text, { createNew: true });
    Deno.renameSync(aside, path);
  } catch (error) {
    removeIfThere(aside);
    throw error;
  }
}

/**
 * Replaces a file in one move: written aside, flushed, renamed.
 *
 * Its folder must exist. A reader sees the old bytes or the new, never a part.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const aside = `${path}.${temporaryName()}.tmp`;
  try {
    using file = createFile(aside, bytes);
    await flushFile(file, aside);
    Deno.renameSync(aside, path);
  } catch (error) {
    removeIfThere(aside);
    throw error;
  }
}

/** How often a folder that fills up meanwhile is tried to be removed. */
const REMOVALS = 100;

/**
 * Removes a file or folder with all in it; nothing there is fine. A process
 * that has lost its runner may still write into the folder until it ends.
 */
export function removeIfThere(path: string): void {
  for (let attempt = 1; existsSync(path); attempt++) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      const isFilled = (error as { code?: string }).code === "ENOTEMPTY";
      if (!isFilled || attempt === REMOVALS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** The text of a file, or null when there is none. */
export function readTextIfThere(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What a file is, or null when there is none. */
export function statIfThere(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isAbsent) return null;
    throw error;
  }
}

/** Makes the names in a folder outlive a loss of power, as far as it can. */
export async function flushFolder(path: string): Promise<void> {
  using folder = Deno.openSync(path);
  await flushFile(folder, path);
}
