/**
 * Event files on disk, which TensorBoard may be reading while they grow.
 *
 * @module
 */
import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "./event_pb.ts";

/** In the folder of its training; what TensorBoard looks for is "tfevents". */
const NAME = "events.out.tfevents.0000000000.boxfill";

/**
 * Brings the event file in a folder up to date. TensorBoard reads on where it
 * was: what the file has already stays as it is, and what is new goes to its
 * end; only where the beginnings differ it is replaced.
 *
 * @returns Whether it changed.
 */
export function updateEventFile(folder: string, bytes: Uint8Array): boolean {
  const path = `${folder}/${NAME}`;
  const before = readIfThere(path);
  if (before === null) Deno.mkdirSync(folder, { recursive: true });
  if (before !== null && startsWith(before, bytes)) return false;
  const isLonger = before !== null && startsWith(bytes, before);
  if (isLonger) {
    using file = Deno.openSync(path, { append: true });
    writeAll(file, bytes.subarray(before.length));
    return true;
  }
  const aside = `${folder}/.${NAME}.tmp`;
  Deno.writeFileSync(aside, bytes);
  Deno.renameSync(aside, path);
  return true;
}

/**
 * When the training in a folder began, as its event file says; null where there
 * is none that can be read.
 */
export function startSecondsIn(folder: string): number | null {
  const bytes = readIfThere(`${folder}/${NAME}`);
  if (bytes === null || bytes.length < 12) return null;
  const length = new DataView(bytes.buffer).getUint32(0, true);
  try {
    const head = fromBinary(EventSchema, bytes.subarray(12, 12 + length));
    return head.what.case === "fileVersion" ? head.wallTime : null;
  } catch {
    return null; // cut short, or no event file: it is written anew
  }
}

function readIfThere(path: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length &&
    start.every((byte, i) => byte === bytes[i]);
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += file.writeSync(bytes.subarray(written));
  }
}
