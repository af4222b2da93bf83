/**
 * What happens while the data set is fetched, and how to say it.
 *
 * @module
 */
import { type CheckedFile } from "./checked_file.ts";
import { formatCount } from "./_format_count.ts";
import type { DownloadEvent } from "./download.ts";
import type { FreeSpace } from "./free_space.ts";
import type { Unpacked } from "./unpack.ts";
import type { VocCounts } from "./voc_check.ts";
import type { VocSource } from "./voc_sources.ts";

/** One thing that happened; `id` is that of the source. */
export type FetchEvent =
  | { type: "present"; id: string }
  | { type: "planned"; id: string; source: VocSource }
  | { type: "space"; folder: string; neededBytes: number; free: FreeSpace }
  | { type: "downloading"; id: string; url: string; path: string }
  | ({ id: string } & DownloadEvent)
  | { type: "addressFailed"; id: string; message: string }
  | ({ type: "downloaded"; id: string } & CheckedFile)
  | ({ type: "unpacking"; id: string } & Unpacked)
  | ({ type: "unpacked"; id: string } & Unpacked)
  | { type: "listed"; id: string; path: string; ids: number }
  | { type: "verified"; folder: string; counts: VocCounts };

/**
 * One plain line for an event.
 *
 * @example
 * ```ts
 * import { describeFetchEvent } from "./fetch_event.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(
 *   describeFetchEvent({
 *     type: "progress",
 *     id: "sbd_masks",
 *     haveBytes: 5e6,
 *     totalBytes: 2e7,
 *   }),
 *   "sbd_masks: 5.0 MB of 20.0 MB (25 %)",
 * );
 * ```
 */
export function describeFetchEvent(event: FetchEvent): string {
  if (event.type === "space") return describeSpace(event);
  if (event.type === "verified") return describeCounts(event);
  return `${event.id}: ${describeStep(event)}`;
}

type Step = Exclude<FetchEvent, { type: "space" } | { type: "verified" }>;

function describeStep(event: Step): string {
  switch (event.type) {
    case "present":
      return "complete, nothing to fetch";
    case "planned":
      return describePlan(event.source);
    case "downloading":
      return `${event.url} to "${event.path}"`;
    case "progress":
      return describeProgress(event);
    case "resuming":
      return `going on at ${size(event.haveBytes)}`;
    case "restarting":
      return `starting over: ${event.why}`;
    case "retrying":
      return `${event.why}; attempt ${event.attempt + 1} of ` +
        `${event.attempts} in ${event.waitMs / 1000} s`;
    case "addressFailed":
      return event.message;
    case "downloaded":
      return describeCheck(event);
    case "unpacking":
      return `${formatCount(event.files)} files unpacked, ${size(event.bytes)}`;
    case "unpacked":
      return `${formatCount(event.files)} files in place, ${size(event.bytes)}`;
    case "listed":
      return `${formatCount(event.ids)} image ids in "${event.path}"`;
  }
}

function describePlan(source: VocSource): string {
  const { what, bytes, roughBytes, sha256, licence } = source;
  const length = bytes === null ? `about ${size(roughBytes)}` : size(bytes);
  const hash = sha256 === null
    ? "SHA-256 not known: the first file is trusted"
    : `SHA-256 ${sha256}`;
  return `to fetch, ${length}: ${what}; ${hash}; licence: ${licence}`;
}

function describeProgress(
  { haveBytes, totalBytes }: { haveBytes: number; totalBytes: number | null },
): string {
  if (totalBytes === null) return size(haveBytes);
  const percent = Math.floor(100 * haveBytes / totalBytes);
  return `${size(haveBytes)} of ${size(totalBytes)} (${percent} %)`;
}

function describeCheck({ path, bytes, sha256, check }: CheckedFile): string {
  const start = `${formatCount(bytes)} bytes, SHA-256 ${sha256}`;
  switch (check) {
    case "recorded":
      return `${start}, as recorded`;
    case "sameAsFirst":
      return `${start}, as the first time (no other hash is known)`;
    case "firstUse":
      return `${start} could not be compared, as none is known; kept in ` +
        `"${path}.sha256", later runs compare with it`;
  }
}

function describeSpace(
  { folder, neededBytes, free }: Extract<FetchEvent, { type: "space" }>,
): string {
  const there = free.bytes === null
    ? `free space not known: ${free.why}`
    : `${size(free.bytes)} are free`;
  return `Needs about ${size(neededBytes)} in "${folder}"; ${there}`;
}

function describeCounts(
  { folder, counts }: Extract<FetchEvent, { type: "verified" }>,
): string {
  const parts = Object.entries(counts)
    .map(([name, n]) =>
      n === null ? `${name} not there` : `${formatCount(n)} ${name}`
    );
  return `Verified "${folder}": ${parts.join(", ")}`;
}

/** Decimal units, as disks and servers count: `1999639040` is `2.0 GB`. */
function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
