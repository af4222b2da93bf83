/**
 * Downloads of large files that survive cuts, stalls and liars.
 *
 * Bytes go to `<path>.part`, with `<path>.part.json` beside it saying where
 * they came from; a later call goes on from there. Only a whole file with the
 * right SHA-256 is renamed to `path`.
 *
 * @module
 */
import { dirname } from "node:path";
import {
  type CheckedFile,
  checkFile,
  DownloadError,
  type FileFacts,
} from "./checked_file.ts";
import { formatCount } from "./_format_count.ts";
import { assertFree, freeDiskSpace, type FreeSpace } from "./free_space.ts";
import {
  announcedBytes,
  continues,
  Interruption,
  statusFailure,
  validatorOf,
} from "./_http_answer.ts";
import { type Line, openLine, sleep } from "./_line.ts";
import { openPart, type PartFile, removePart } from "./_part_file.ts";

/** What happens during a download. */
export type DownloadEvent =
  | { type: "progress"; haveBytes: number; totalBytes: number | null }
  | { type: "resuming"; haveBytes: number }
  | { type: "restarting"; why: string }
  | {
    type: "retrying";
    why: string;
    attempt: number;
    attempts: number;
    waitMs: number;
  };

/** What the file must be, and how patient to be. */
export interface DownloadOptions extends FileFacts {
  /** Refuses longer files where no length is known; default: no limit. */
  readonly maxBytes?: number;
  /** A look at the content; throws a `DownloadError` when it is wrong. */
  readonly inspect?: (file: string) => Promise<void>;
  readonly signal?: AbortSignal;
  /** Longest wait for a byte; default 30,000 ms. */
  readonly stallMs?: number;
  /** Attempts in a row that may bring nothing new; default 6. */
  readonly attempts?: number;
  /** First pause, doubled up to 30,000 ms; default 1,000 ms. */
  readonly pauseMs?: number;
  /** Told of progress at most four times a second. */
  readonly onEvent?: (event: DownloadEvent) => void;
  readonly fetch?: typeof fetch;
  readonly freeSpace?: (folder: string) => Promise<FreeSpace>;
}

const LONGEST_PAUSE_MS = 30_000;
const PROGRESS_EVERY_MS = 250;

type Job =
  & Required<Omit<DownloadOptions, "signal">>
  & Pick<DownloadOptions, "signal">
  & { readonly url: string; readonly path: string };

/**
 * Downloads `url` to `path`, going on where an earlier call stopped.
 *
 * A file already at `path` is checked, not fetched. A file with wrong content
 * is kept as `<path>.wrong`, so that it can be looked at. After an abort and
 * after all other errors, what is here stays for the next call.
 *
 * @throws {DownloadError} When the file cannot be had; `reason` says why.
 * @throws {DOMException} When `signal` aborts.
 *
 * @example
 * ```ts
 * import { download } from "./download.ts";
 * import { strictEqual } from "node:assert";
 *
 * const folder = await Deno.makeTempDir();
 * const got = await download("https://example.org/a.txt", `${folder}/a.txt`, {
 *   bytes: 2,
 *   sha256: null,
 *   fetch: () => Promise.resolve(new Response("hi")), // no network here
 * });
 * strictEqual(got.check, "firstUse");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<CheckedFile> {
  const job = withDefaults(url, path, options);
  await Deno.mkdir(dirname(path), { recursive: true });
  const old = await checkOld(job);
  if (old !== null) return old;
  const part = await openPart(path, job);
  try {
    await fillPart(job, part);
    await part.sync();
  } finally {
    part.close();
  }
  return await acceptPart(job);
}

function withDefaults(url: string, path: string, given: DownloadOptions): Job {
  return {
    ...given,
    url,
    path,
    maxBytes: given.maxBytes ?? Infinity,
    inspect: given.inspect ?? (() => Promise.resolve()),
    stallMs: given.stallMs ?? 30_000,
    attempts: given.attempts ?? 6,
    pauseMs: given.pauseMs ?? 1_000,
    onEvent: given.onEvent ?? (() => {}),
    fetch: given.fetch ?? globalThis.fetch,
    freeSpace: given.freeSpace ?? freeDiskSpace,
  };
}

/** The file already at `path`; put aside and null when it is wrong. */
async function checkOld(job: Job): Promise<CheckedFile | null> {
  try {
    return await checkFile(job.path, job, { signal: job.signal });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (!(error instanceof DownloadError)) throw error;
    await Deno.rename(job.path, `${job.path}.wrong`);
    job.onEvent({ type: "restarting", why: error.message });
    return null;
  }
}

/** Renames a whole part to its place, or puts it aside. */
async function acceptPart(job: Job): Promise<CheckedFile> {
  const { path, url: label, signal } = job;
  const file = `${path}.part`;
  try {
    await job.inspect(file);
    const checked = await checkFile(path, job, { file, label, signal });
    await Deno.rename(file, path);
    await removePart(path);
    return checked;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    await Deno.rename(file, `${path}.wrong`);
    await removePart(path);
    const kept = `${error.message}, kept as "${path}.wrong"`;
    throw new DownloadError(error.reason, kept);
  }
}

/** Tries until the part is whole or `attempts` in a row brought nothing new. */
async function fillPart(job: Job, part: PartFile): Promise<void> {
  let failures = 0;
  let bestBytes = part.haveBytes;
  let isWhole = bestBytes > 0 && bestBytes === part.origin.totalBytes;
  while (!isWhole) {
    try {
      await fetchRest(job, part);
      isWhole = true;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      failures = part.haveBytes > bestBytes ? 1 : failures + 1;
      bestBytes = Math.max(bestBytes, part.haveBytes);
      await pauseBeforeRetry(job, error, failures);
    }
  }
}

async function pauseBeforeRetry(
  job: Job,
  { message: why, waitMs: asked }: Interruption,
  attempt: number,
): Promise<void> {
  const { attempts, pauseMs, url } = job;
  if (attempt >= attempts) {
    throw new DownloadError(
      "gaveUp",
      `Cannot download "${url}" as one of ${attempts} attempts in a row must ` +
        `bring new bytes: ${why}`,
    );
  }
  const pause = Math.max(asked, pauseMs * 2 ** (attempt - 1));
  const waitMs = Math.min(LONGEST_PAUSE_MS, pause);
  job.onEvent({ type: "retrying", why, attempt, attempts, waitMs });
  await sleep(waitMs, job.signal);
}

/** One request, for what is still missing. */
async function fetchRest(job: Job, part: PartFile): Promise<void> {
  const line = openLine(job, () => placeIn(part));
  // Without either, a file changed meanwhile would be mixed with the old one.
  const isSafe = job.sha256 !== null || part.origin.validator !== null;
  if (part.haveBytes > 0 && !isSafe) await part.restart(part.origin);
  try {
    const response = await line.wait((signal) => request(job, part, signal));
    await acceptHeaders(job, part, response);
    const { haveBytes, origin: { totalBytes } } = part;
    const needed = (totalBytes ?? haveBytes) - haveBytes;
    await assertFree(`download "${job.url}"`, needed, {
      ...job,
      folder: dirname(job.path),
    });
    await readBody(job, part, line, response);
  } catch (error) {
    if (error instanceof DownloadError && error.reason === "length") {
      await removePart(job.path); // the next call had better start over
    }
    throw error;
  } finally {
    line.close();
  }
}

async function readBody(
  job: Job,
  part: PartFile,
  line: Line,
  { body }: Response,
): Promise<void> {
  const tell = progressTeller(job, part);
  const reader = body?.getReader();
  for (;;) {
    const chunk = await line.wait(async () => await reader?.read());
    if (chunk?.value === undefined) break;
    await part.append(chunk.value);
    tell(PROGRESS_EVERY_MS);
  }
  if (part.haveBytes < (part.origin.totalBytes ?? 0)) {
    throw new Interruption(`the connection ended${placeIn(part)}`);
  }
  tell(0);
}

/** ` at 5 of 10 bytes`; empty before the first byte. */
function placeIn({ haveBytes, origin: { totalBytes } }: PartFile): string {
  if (haveBytes === 0) return "";
  const total = totalBytes === null ? "" : ` of ${formatCount(totalBytes)}`;
  return ` at ${formatCount(haveBytes)}${total} bytes`;
}

/** Tells of progress, if the last time was so long ago. */
function progressTeller(job: Job, part: PartFile): (everyMs: number) => void {
  let toldAtMs = performance.now();
  return (everyMs) => {
    const now = performance.now();
    if (now - toldAtMs < everyMs) return;
    toldAtMs = now;
    const { haveBytes, origin: { totalBytes } } = part;
    job.onEvent({ type: "progress", haveBytes, totalBytes });
  };
}

function request(
  job: Job,
  part: PartFile,
  signal: AbortSignal,
): Promise<Response> {
  // Compressed, lengths and ranges would speak of other bytes.
  const headers = new Headers({ "accept-encoding": "identity" });
  const { haveBytes, origin: { validator } } = part;
  if (haveBytes > 0) {
    headers.set("range", `bytes=${haveBytes}-`);
    if (validator !== null) headers.set("if-range", validator);
    job.onEvent({ type: "resuming", haveBytes });
  }
  return job.fetch(job.url, { headers, signal });
}

/** Makes the part ready for the body of this answer. */
async function acceptHeaders(
  job: Job,
  part: PartFile,
  response: Response,
): Promise<void> {
  const { status, headers } = response;
  const origin = { url: job.url, validator: null, totalBytes: job.bytes };
  if (part.haveBytes > 0 && (status === 206 || status === 416)) {
    if (status === 206 && continues(part, headers)) return;
    await part.restart(origin);
    throw new Interruption("the file on the server is another now");
  }
  if (status !== 200) throw statusFailure(job, response);
  const totalBytes = announcedBytes(job, headers) ?? job.bytes;
  if (part.haveBytes > 0) {
    const why = "the server sends the file from its start";
    job.onEvent({ type: "restarting", why });
  }
  const validator = validatorOf(headers);
  await part.restart({ ...origin, validator, totalBytes });
}
