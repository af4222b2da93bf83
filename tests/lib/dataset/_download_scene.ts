/**
 * A server, a folder and a download between them.
 *
 * @module
 */
import { rejects, strictEqual } from "node:assert";
import { createHash } from "node:crypto";
import type { DownloadError } from "../../../lib/dataset/checked_file.ts";
import {
  download,
  type DownloadEvent,
  type DownloadOptions,
} from "../../../lib/dataset/download.ts";
import {
  cutAfter,
  honestAnswer,
  type LyingServer,
  lyingServer,
  type Script,
} from "./_lying_server.ts";

/** The file that is served. */
export const BODY = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);
/** Of {@linkcode BODY}. */
export const SHA256 = sha256(BODY);
/** As long as {@linkcode BODY}, and nowhere the same. */
export const OTHER = BODY.map((value) => 255 - value);

/** Lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What one test has: a server, a folder, and what was told on the way. */
export interface Scene {
  readonly server: LyingServer;
  readonly folder: string;
  readonly path: string;
  /** All events but progress. */
  readonly events: DownloadEvent[];
  get(options?: Partial<DownloadOptions>): ReturnType<typeof download>;
  /** Rejects with exactly this; `{url}` and `{path}` are filled in. */
  refuses(
    reason: string,
    message: string,
    options?: Partial<DownloadOptions>,
  ): Promise<void>;
  /** Names in the folder. */
  files(): string[];
}

/** Runs a test against a server that follows `script`. */
export async function scene(
  script: Script,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using server = lyingServer(script);
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.bin`;
  const events: DownloadEvent[] = [];
  const get: Scene["get"] = (options = {}) =>
    download(server.url, path, {
      bytes: BODY.length,
      sha256: SHA256,
      stallMs: 2000,
      attempts: 3,
      pauseMs: 1,
      onEvent: (event) => event.type === "progress" || events.push(event),
      ...options,
    });
  const refuses: Scene["refuses"] = async (reason, message, options) => {
    const full = message.replaceAll("{url}", server.url)
      .replaceAll("{path}", path).replaceAll("{folder}", folder);
    await rejects(() => get(options), (error) => {
      strictEqual((error as Error).message, full);
      strictEqual((error as DownloadError).reason, reason);
      return true;
    });
  };
  const files = () => [...Deno.readDirSync(folder)].map((f) => f.name).sort();
  try {
    await body({ server, folder, path, events, get, refuses, files });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Does all right. */
export const honest: Script = (request) => honestAnswer(request, BODY);
/** Honest, but the first answer ends after 400 bytes. */
export const cutsOnce: Script = (request, index) =>
  index === 0
    ? cutAfter(400, honestAnswer(request, BODY))
    : honestAnswer(request, BODY);

/** The Range of every request. */
export function ranges({ server }: Scene): (string | null)[] {
  return server.requests.map((request) => request.get("range"));
}
