/**
 * Archives of files: the same files give the same bytes, whoever made them and
 * when, on whatever file system.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createGzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";
import { namesIn } from "../store/store.ts";
import { removeIfThere } from "../store/durable_file.ts";

/** What becomes one entry of an archive. */
export type PackageEntry =
  & {
    /** Relative to the archive's own folder, with `/`. */
    readonly path: string;
  }
  & (
    | { readonly kind: "file"; readonly source: string }
    | {
      readonly kind: "text";
      readonly text: string;
      readonly isProgram: boolean;
    }
    | { readonly kind: "link"; readonly target: string }
  );

/** Where an archive goes and how it is cut. */
export interface ArchiveOptions {
  /** Must exist. */
  readonly folder: string;
  /** Name of the file, or of the parts before `.part1` and so on. */
  readonly name: string;
  /** The one folder that everything unpacks into. */
  readonly root: string;
  /** A part has no more. */
  readonly partBytes: number;
}

/** One file that was written. */
export interface ArchivePart {
  /** Its name in the folder. */
  readonly name: string;
  readonly bytes: number;
}

/** Of every entry. Not 0: some programs warn of times that early. */
const MODIFIED = new Date("1980-01-01T00:00:00Z");

/** The highest: 3 % smaller than by the usual one, in twice the time. */
const LEVEL = 9;

/**
 * Writes a gzipped tar file, in parts when it is larger than one.
 *
 * An older archive of that name is replaced when the new one is whole.
 */
export async function writeArchive(
  entries: readonly PackageEntry[],
  { folder, name, root, partBytes }: ArchiveOptions,
): Promise<ArchivePart[]> {
  const aside = `.${name}.part`;
  const pieces = new RegExp(`^${RegExp.escape(aside)}\\d+$`);
  const pack = tar.pack();
  removeNamed(folder, pieces);
  try {
    const [sizes] = await Promise.all([
      pipeline(
        pack,
        createGzip({ level: LEVEL }),
        (chunks) => cut(chunks, `${folder}/${aside}`, partBytes),
      ),
      fill(pack, entries, root),
    ]);
    removeNamed(folder, partPattern(name));
    return sizes.map((bytes, i) => {
      const part = { name: partName(name, i, sizes.length), bytes };
      Deno.renameSync(`${folder}/${aside}${i}`, `${folder}/${part.name}`);
      return part;
    });
  } finally {
    removeNamed(folder, pieces);
  }
}

/** In code unit order, so that names of parts sort as the parts follow. */
function partName(name: string, index: number, count: number): string {
  if (count === 1) return name;
  const number = String(index + 1).padStart(String(count).length, "0");
  return `${name}.part${number}`;
}

function partPattern(name: string): RegExp {
  return new RegExp(`^${RegExp.escape(name)}(\\.part\\d+)?$`);
}

function removeNamed(folder: string, pattern: RegExp): void {
  for (const name of namesIn(folder)) {
    if (pattern.test(name)) removeIfThere(`${folder}/${name}`);
  }
}

async function fill(
  pack: tar.Pack,
  entries: readonly PackageEntry[],
  root: string,
): Promise<void> {
  const byPath = entries.toSorted((a, b) => a.path < b.path ? -1 : 1);
  for (const entry of byPath) {
    const { bytes, ...own } = headerAndBytes(entry);
    const header = {
      ...own,
      name: `${root}/${entry.path}`,
      uid: 0,
      gid: 0,
      mtime: MODIFIED,
    };
    await new Promise<void>((resolve, reject) => {
      pack.entry(header, bytes, (error) => error ? reject(error) : resolve());
    });
  }
  pack.finalize();
}

function headerAndBytes(entry: PackageEntry) {
  if (entry.kind === "link") {
    const type = "symlink" as const;
    return {
      type,
      linkname: entry.target,
      mode: 0o777,
      bytes: Buffer.alloc(0),
    };
  }
  if (entry.kind === "text") {
    const bytes = Buffer.from(entry.text);
    return { mode: entry.isProgram ? 0o755 : 0o644, bytes };
  }
  // Of the rights a file has here only one says something about the file.
  const isProgram = ((Deno.statSync(entry.source).mode ?? 0) & 0o100) !== 0;
  const bytes = Buffer.from(Deno.readFileSync(entry.source));
  return { mode: isProgram ? 0o755 : 0o644, bytes };
}

/** Writes `PREFIX0`, `PREFIX1`, …; gives their sizes. */
async function cut(
  chunks: AsyncIterable<Uint8Array>,
  prefix: string,
  partBytes: number,
): Promise<number[]> {
  const sizes = [0];
  for await (let rest of chunks) {
    while (rest.length > 0) {
      if (sizes.at(-1) === partBytes) sizes.push(0);
      const last = sizes.length - 1;
      const piece = rest.subarray(0, partBytes - sizes[last]!);
      Deno.writeFileSync(`${prefix}${last}`, piece, { append: true });
      sizes[last]! += piece.length;
      rest = rest.subarray(piece.length);
    }
  }
  return sizes;
}
