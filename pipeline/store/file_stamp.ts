/**
 * What shows that a file may have changed, without reading it.
 *
 * @module
 */

/** Times of change in ms, size in bytes and inode; zeros for no file. */
export type FileStamp = readonly [
  mtime: number,
  ctime: number,
  size: number,
  inode: number,
];

/** Deno tells the second of a ctime only, so changes within it look alike. */
const CTIME_STEP_MS = 1000;

/** Times of files come from a clock that may be this much behind. */
const RACY_MS = 50;

/** The stamp of a file as it is. */
export function stampOf(info: Deno.FileInfo | null): FileStamp {
  return [
    info?.mtime?.getTime() ?? 0,
    info?.ctime?.getTime() ?? 0,
    info?.size ?? 0,
    info?.ino ?? 0,
  ];
}

/** Whether two stamps are of the same file, unchanged. */
export function isSameStamp(
  a: FileStamp,
  b: readonly [...FileStamp, ...unknown[]],
): boolean {
  return a.every((part, i) => part === b[i]);
}

/**
 * Whether a file that was looked at `nowMs` would get another stamp by any
 * change since; if not, what was found in it must not be remembered.
 */
export function isSettled(stamp: FileStamp, nowMs: number): boolean {
  const [mtime, ctime] = stamp;
  return nowMs - mtime >= RACY_MS && nowMs - ctime >= CTIME_STEP_MS + RACY_MS;
}
