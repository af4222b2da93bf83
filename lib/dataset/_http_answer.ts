/**
 * What the answers of a file server mean to a download.
 *
 * @module
 */
import { DownloadError, type FileFacts } from "./checked_file.ts";
import { formatCount } from "./_format_count.ts";
import type { PartFile } from "./_part_file.ts";

/** An attempt that failed in a way that another may not. */
export class Interruption extends Error {
  override name = "Interruption";
  /** `waitMs`: how long the server asks to be left alone. */
  constructor(message: string, readonly waitMs = 0) {
    super(message);
  }
}

/** What is asked for. */
export interface Wanted extends FileFacts {
  readonly url: string;
  readonly maxBytes: number;
}

/** Answers that may be others the next time: time-outs, load, faults. */
const PASSING_STATUS = [408, 425, 429, 500, 502, 503, 504];

/**
 * A failure that another attempt would not mend.
 *
 * `must` completes "Cannot download … as …", `found` says what is instead.
 */
export function refusal(
  { url }: Wanted,
  must: string,
  found: string,
): DownloadError {
  const message = `Cannot download "${url}" as ${must}: ${found}`;
  return new DownloadError("refused", message);
}

/** What to make of an answer that is neither 200 nor 206. */
export function statusFailure(
  wanted: Wanted,
  { status, statusText, headers }: Response,
): Error {
  const found = `status is ${status} ${statusText}`.trimEnd();
  if (!PASSING_STATUS.includes(status)) {
    return refusal(
      wanted,
      "the server must answer 200, or 206 to a range",
      found,
    );
  }
  const seconds = Number(headers.get("retry-after"));
  return new Interruption(found, seconds > 0 ? 1_000 * seconds : 0);
}

/**
 * The length the server announces; null when it does not say.
 *
 * @throws {DownloadError} When it is not that of the file asked for, when it is
 *   compressed though that was not asked for, or when a web page comes instead:
 *   so answer hosts whose link is dead.
 */
export function announcedBytes(
  wanted: Wanted,
  headers: Headers,
): number | null {
  const { url, bytes, maxBytes } = wanted;
  if (headers.get("content-type")?.startsWith("text/html")) {
    const found = "server sends a web page (text/html)";
    throw refusal(wanted, "it must be a file", found);
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    const found = `content-encoding is ${encoding}`;
    throw refusal(wanted, "it must come as it is", found);
  }
  const text = headers.get("content-length");
  if (text === null) return null;
  const announced = Number(text);
  if (announced !== (bytes ?? announced) || announced > maxBytes) {
    throw new DownloadError(
      "length",
      `Cannot download "${url}" as it must have ` +
        `${
          bytes === null
            ? `at most ${formatCount(maxBytes)}`
            : formatCount(bytes)
        } ` +
        `bytes: server announces ${formatCount(announced)}`,
    );
  }
  return announced;
}

/** A strong ETag, else Last-Modified, else null. */
export function validatorOf(headers: Headers): string | null {
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) return etag;
  return headers.get("last-modified");
}

/** Whether a 206 goes on with the same file at the right byte. */
export function continues(
  { haveBytes, origin }: PartFile,
  headers: Headers,
): boolean {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/
    .exec(headers.get("content-range") ?? "") ?? [];
  if (Number(start) !== haveBytes) return false;
  if (origin.totalBytes !== null && total !== "*") {
    if (Number(total) !== origin.totalBytes) return false;
  }
  const validator = validatorOf(headers);
  if (origin.validator === null || validator === null) return true;
  return validator === origin.validator;
}
