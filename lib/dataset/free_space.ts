/**
 * Room on a disk.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { DownloadError } from "./checked_file.ts";
import { formatCount } from "./_format_count.ts";

/** Room on a disk, or why it is unknown. */
export type FreeSpace = { bytes: number } | { bytes: null; why: string };

/**
 * Room for this user on the disk of a folder, which need not exist yet.
 *
 * Without the permissions `--allow-read` and `--allow-sys=statfs` it is
 * unknown, and `why` says so.
 *
 * @throws {Error} When the folder cannot be looked at for another reason.
 *
 * @example
 * ```ts
 * import { freeDiskSpace } from "./free_space.ts";
 * import { ok } from "node:assert";
 *
 * const space = await freeDiskSpace("not/yet/there");
 * ok(space.bytes === null || space.bytes >= 0);
 * ```
 */
export async function freeDiskSpace(folder: string): Promise<FreeSpace> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return { bytes: bavail * bsize };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return { bytes: null, why: error.message };
    }
    const parent = dirname(folder);
    const isMissing = (error as { code?: string }).code === "ENOENT";
    if (!isMissing || parent === folder) throw error;
    return await freeDiskSpace(parent);
  }
}

/**
 * Refuses to start what cannot fit; `action` completes "Cannot …". Where the
 * room is unknown, nothing is refused.
 *
 * @throws {DownloadError} `noSpace`.
 *
 * @example
 * ```ts
 * import { assertFree } from "./free_space.ts";
 * import { rejects } from "node:assert";
 *
 * const full = () => Promise.resolve({ bytes: 10 });
 * await rejects(() =>
 *   assertFree("fetch it", 11, { folder: "data", freeSpace: full })
 * );
 * ```
 */
export async function assertFree(
  action: string,
  neededBytes: number,
  { folder, freeSpace }: {
    folder: string;
    freeSpace: (folder: string) => Promise<FreeSpace>;
  },
): Promise<FreeSpace> {
  const free = await freeSpace(folder);
  if (free.bytes === null || free.bytes >= neededBytes) return free;
  throw new DownloadError(
    "noSpace",
    `Cannot ${action} as ${formatCount(neededBytes)} bytes must be free in ` +
      `"${folder}": ${formatCount(free.bytes)} are`,
  );
}
