/**
 * Part files: `<path>.part`, what is here of a download, and
 * `<path>.part.json`, where it came from.
 *
 * @module
 */
import { DownloadError, type FileFacts } from "./checked_file.ts";
import { formatCount } from "./_format_count.ts";

/** Where the bytes of a part file came from. */
export interface Origin {
  readonly url: string;
  /** For `If-Range`: a strong ETag, or Last-Modified; null when neither. */
  readonly validator: string | null;
  readonly totalBytes: number | null;
}

/** An open, locked part file; `close` it. */
export interface PartFile {
  readonly origin: Origin;
  readonly haveBytes: number;
  /** Adds bytes; refuses more than `origin.totalBytes` or else `maxBytes`. */
  append(bytes: Uint8Array): Promise<void>;
  /** Empties it, for bytes of a new origin. */
  restart(origin: Origin): Promise<void>;
  /** Makes sure that all is on the disk. */
  sync(): Promise<void>;
  close(): void;
}

/** What decides whether an old part may be gone on with. */
export interface PartOptions extends FileFacts {
  readonly url: string;
  readonly maxBytes: number;
}

/**
 * Opens the part file of `path`, empty unless its bytes can be gone on with.
 *
 * @throws {DownloadError} `busy`, when another process has it open; `length`,
 *   on appending too much.
 */
export async function openPart(
  path: string,
  options: PartOptions,
): Promise<PartFile> {
  const file = await openLocked(path, options.url);
  const { url, bytes, maxBytes } = options;
  const known = await readOrigin(path, options);
  let origin = known ?? { url, validator: null, totalBytes: bytes };
  let haveBytes = known === null ? 0 : await file.seek(0, Deno.SeekMode.End);
  return {
    get origin() {
      return origin;
    },
    get haveBytes() {
      return haveBytes;
    },
    async append(chunk) {
      assertFits(haveBytes + chunk.length, origin.totalBytes ?? maxBytes, url);
      for (let at = 0; at < chunk.length;) {
        at += await file.write(chunk.subarray(at));
      }
      haveBytes += chunk.length;
    },
    async restart(next) {
      // In this order: old bytes must never stand under a new origin.
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
      haveBytes = 0;
      origin = next;
      await Deno.writeTextFile(`${path}.part.json`, JSON.stringify(next));
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/** Removes the part file of `path` and its origin, where there are any. */
export async function removePart(path: string): Promise<void> {
  for (const name of [`${path}.part`, `${path}.part.json`]) {
    try {
      await Deno.remove(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function openLocked(path: string, url: string): Promise<Deno.FsFile> {
  const name = `${path}.part`;
  const file = await Deno.open(name, { read: true, write: true, create: true });
  if (await file.tryLock(true)) return file;
  file.close();
  throw new DownloadError(
    "busy",
    `Cannot download "${url}" as no other process may be writing "${name}": ` +
      `it is locked`,
  );
}

function assertFits(bytes: number, limit: number, url: string): void {
  if (bytes <= limit) return;
  throw new DownloadError(
    "length",
    `Cannot download "${url}" as it must have at most ${
      formatCount(limit)
    } bytes: ` +
      `server sends more`,
  );
}

/** The origin of a part that may be gone on with, else null. */
async function readOrigin(
  path: string,
  { url, bytes, sha256 }: PartOptions,
): Promise<Origin | null> {
  let origin: Origin;
  try {
    origin = JSON.parse(await Deno.readTextFile(`${path}.part.json`));
  } catch (error) {
    const isUnusable = error instanceof SyntaxError ||
      error instanceof Deno.errors.NotFound;
    if (isUnusable) return null;
    throw error;
  }
  const isSameUrl = origin.url === url;
  // With a known SHA-256 a mix of two sources cannot go unnoticed.
  if (sha256 !== null) {
    const validator = isSameUrl ? origin.validator : null;
    return { url, validator, totalBytes: bytes ?? origin.totalBytes };
  }
  return isSameUrl ? origin : null;
}
