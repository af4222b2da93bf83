/**
 * Files that a user wants written at paths: whole or not at all.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileError, nothingAt } from "./file_error.ts";

/** A path, and the name of the option that it was given by. */
export interface NamedPath {
  readonly name: string;
  readonly path: string;
}

/** What is to be written where. */
export interface Output {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Checks, before any work, that files can come to be at some paths, and that
 * none takes the place of another or of an input, whatever it is called by.
 *
 * @param inputs Files that are read; those that are not there do not matter.
 * @throws {RangeError} When a folder is missing, a path is one, a file is
 *   write-protected, or two are the same file.
 * @throws {Error} When the system lets no file come to be in a folder, or a
 *   file not be written.
 */
export function assertOutputs(
  outputs: readonly NamedPath[],
  inputs: readonly NamedPath[] = [],
): void {
  const taken = inputs.filter(({ path }) => isFile(path));
  for (const output of outputs) {
    try {
      const found = whatIsAt(output.path);
      assertFile(output.path, found);
      if (found === "device") continue;
      assertOwn(output, taken);
      if (found === "file") assertWritable(output.path);
      assertFolderTakesFiles(targetOf(output.path));
    } catch (error) {
      throw fileError("write", output.path, error);
    }
    taken.push(output);
  }
}

function assertFile(path: string, found: Found | null): void {
  if (found === "folder") {
    throw new RangeError(
      `Cannot write "${path}" as it must be a file: it is a folder`,
    );
  }
  if (found !== null) return;
  if (path.endsWith("/")) {
    throw new RangeError(
      `Cannot write "${path}" as it must be a file: it ends as a folder does`,
    );
  }
  assertFolderOf(path);
}

function assertFolderOf(path: string): void {
  const link = linkAt(path);
  if (link !== null) return assertFolderOf(link);
  const folder = dirname(path);
  const found = whatIsAt(folder);
  if (found === "folder") return;
  throw new RangeError(
    `Cannot write "${path}" as its folder "${folder}" must exist: ` +
      (found === null ? nothingAt(folder) : `it is a ${found}`),
  );
}

function assertOwn(output: NamedPath, taken: readonly NamedPath[]): void {
  const other = taken.find(({ path }) => isSameFile(path, output.path));
  if (other === undefined) return;
  throw new RangeError(
    `Cannot write ${output.name} "${output.path}" as it must be a file of ` +
      `its own: ${other.name} "${other.path}" is the same`,
  );
}

function isSameFile(a: string, b: string): boolean {
  if (targetOf(a) === targetOf(b)) return true;
  const [one, other] = [identityOf(a), identityOf(b)];
  return one !== null && one === other;
}

/** A new file could take its place all the same: nobody asked for that. */
function assertWritable(path: string): void {
  const { mode } = Deno.statSync(path);
  // To the superuser the system refuses nothing.
  if (mode !== null && (mode & 0o222) === 0) {
    throw new RangeError(
      `Cannot write "${path}" as the file must be writable: it is ` +
        "write-protected",
    );
  }
  Deno.openSync(path, { write: true }).close();
}

/** The same for all paths of a file; null where nothing is, or none is known. */
function identityOf(path: string): string | null {
  if (whatIsAt(path) === null) return null;
  const { dev, ino } = Deno.statSync(path);
  return ino === null ? null : `${dev}:${ino}`;
}

/** The file to be written: of a link what it points to, so that it stays one. */
function targetOf(path: string): string {
  if (whatIsAt(path) !== null) return Deno.realPathSync(path);
  const link = linkAt(path);
  if (link !== null) return targetOf(link);
  return join(Deno.realPathSync(dirname(path)), basename(path));
}

/** Where a link points to that is at a path; null where there is none. */
function linkAt(path: string): string | null {
  try {
    if (!Deno.lstatSync(path).isSymlink) return null;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
  const to = Deno.readLinkSync(path);
  return isAbsolute(to) ? to : join(Deno.realPathSync(dirname(path)), to);
}

/** Tries it, so that no work is in vain. */
function assertFolderTakesFiles(target: string): void {
  const aside = asideOf(target);
  Deno.openSync(aside, { write: true, createNew: true }).close();
  Deno.removeSync(aside);
}

/**
 * Writes files, all or none: aside, flushed, then renamed. A reader sees the
 * bytes that were there or the new ones, never a part. What is no file, such as
 * `/dev/null` or a pipe, is written to as it is.
 *
 * Meanwhile SIGINT and SIGTERM remove what lies aside, and end the program.
 *
 * @throws {Error} When the system does not let one be written, naming it.
 */
export async function writeOutputs(outputs: readonly Output[]): Promise<void> {
  const files: { output: Output; target: string; aside: string }[] = [];
  const devices: Output[] = [];
  for (const output of outputs) {
    await writing(output, () => {
      if (whatIsAt(output.path) === "device") return devices.push(output);
      const target = targetOf(output.path);
      files.push({ output, target, aside: asideOf(target) });
    });
  }
  const clear = () => files.forEach(({ aside }) => removeIfThere(aside));
  using _ = onEndingSignals(clear);
  try {
    for (const { output, aside } of files) {
      await writing(output, () => writeNew(aside, output.bytes));
    }
    for (const output of devices) {
      await writing(output, () => Deno.writeFile(output.path, output.bytes));
    }
    for (const { output, target, aside } of files) {
      await writing(output, () => Deno.rename(aside, target));
    }
  } finally {
    clear();
  }
}

/** Does a part of writing a file; errors name the file. */
async function writing(
  { path }: Output,
  part: () => unknown,
): Promise<void> {
  try {
    await part();
  } catch (error) {
    throw fileError("write", path, error);
  }
}

function asideOf(target: string): string {
  return `${target}.${crypto.randomUUID()}.tmp`;
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
  await file.syncData();
}

/** Signals that end a program, and the exit codes that tell of them. */
const ENDING_SIGNALS: readonly (readonly [Deno.Signal, number])[] = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
];

/** Does something before such a signal ends the program, until disposed of. */
function onEndingSignals(act: () => void): Disposable {
  const listeners = ENDING_SIGNALS.map(([signal, code]) => {
    const listen = () => {
      act();
      Deno.exit(code);
    };
    Deno.addSignalListener(signal, listen);
    return () => Deno.removeSignalListener(signal, listen);
  });
  return { [Symbol.dispose]: () => listeners.forEach((remove) => remove()) };
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

function isFile(path: string): boolean {
  try {
    return whatIsAt(path) === "file";
  } catch {
    return false; // Who reads it says why.
  }
}

type Found = "file" | "folder" | "device";

function whatIsAt(path: string): Found | null {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return isFile ? "file" : isDirectory ? "folder" : "device";
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}
