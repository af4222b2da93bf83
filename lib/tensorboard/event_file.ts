/**
 * Event files on disk, which TensorBoard may be reading while they grow: it
 * reads on where it was and never looks back, so nothing that is there is
 * changed, and a training that is done again is told of further down.
 *
 * @module
 */
import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "./event_pb.ts";
import { wholeRecords } from "./tf_record.ts";

/** In the folder of its training; what TensorBoard looks for is "tfevents". */
const NAME = "events.out.tfevents.0000000000.boxfill";

/** The event file in a folder, of which one at a time may be open. */
export class EventFile {
  readonly #folder: string;
  readonly #path: string;
  /** Of all that is in the file, the last log. */
  #last: Uint8Array;
  #startSeconds: number | null = null;

  /** Opens the file, which need not be there; a cut last record is taken off. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#path = `${folder}/${NAME}`;
    const bytes = readIfThere(this.#path);
    const records = wholeRecords(bytes);
    const wholeLength = records.at(-1)?.end ?? 0;
    if (wholeLength < bytes.length) Deno.truncateSync(this.#path, wholeLength);
    let start = 0;
    for (const { begin, data } of records) {
      const wallSeconds = startTold(data);
      if (wallSeconds === null) continue;
      this.#startSeconds = wallSeconds;
      start = begin;
    }
    this.#last = bytes.subarray(start, wholeLength);
  }

  /** When the training of the last log began; null where there is none. */
  get startSeconds(): number | null {
    return this.#startSeconds;
  }

  /**
   * Brings the file up to date with a log, see `trainingLog`: what it has of it
   * stays, what is new goes to its end; all of it, where it has another.
   *
   * @returns Whether anything was new.
   */
  update(log: Uint8Array): boolean {
    if (startsWith(this.#last, log)) return false;
    const isSame = startsWith(log, this.#last);
    Deno.mkdirSync(this.#folder, { recursive: true });
    using file = Deno.openSync(this.#path, { create: true, append: true });
    writeAll(file, isSame ? log.subarray(this.#last.length) : log);
    this.#last = log;
    return true;
  }
}

/** The time in the first event of a log; null in others. */
function startTold(data: Uint8Array): number | null {
  try {
    const event = fromBinary(EventSchema, data);
    return event.what.case === "fileVersion" ? event.wallTime : null;
  } catch {
    return null; // no event: not ours
  }
}

function readIfThere(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array(0);
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
