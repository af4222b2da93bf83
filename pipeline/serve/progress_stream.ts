/**
 * How far a run is, as server-sent events.
 *
 * @module
 */
import { isLogBeingWritten } from "../run/event_log.ts";
import { FollowedLog } from "./followed_log.ts";

/** Between two looks at the log. */
const LOOK_MS = 500;

/** A comment now and then shows a reader that has gone. */
const ALIVE_MS = 15_000;

/**
 * Events named `progress` with JSON of a `RunProgress` and `isGoingOn`: at once,
 * then whenever it has changed, until the reader goes.
 *
 * @param run Folder of the run.
 * @param everyMs Between two looks.
 */
export function progressStream(
  run: string,
  everyMs = LOOK_MS,
): ReadableStream<Uint8Array> {
  const log = new FollowedLog(run);
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  let told = "";
  let toldMs = 0;
  return new ReadableStream({
    start(controller) {
      const look = () => {
        const data = JSON.stringify({
          ...log.look(),
          isGoingOn: isLogBeingWritten(run),
        });
        const nowMs = performance.now();
        if (data === told && nowMs - toldMs < ALIVE_MS) return;
        const text = data === told
          ? ": still there\n\n"
          : `event: progress\ndata: ${data}\n\n`;
        controller.enqueue(encoder.encode(text));
        told = data;
        toldMs = nowMs;
      };
      look();
      timer = setInterval(() => {
        try {
          look();
        } catch (error) {
          // One log that cannot be read must not end the server.
          clearInterval(timer);
          controller.error(error);
        }
      }, everyMs);
    },
    cancel() {
      clearInterval(timer);
    },
  });
}
