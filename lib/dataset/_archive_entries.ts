/**
 * Tar and zip files as one kind of list.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";
import yauzl from "yauzl";

/** One entry; its content can be read only until the next one is asked for. */
export interface ArchiveEntry {
  /** As in the archive, unchecked. */
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
  /** What it is, for messages: `file`, `symlink`, ... */
  readonly what: string;
  /** Bytes of content, as announced. */
  readonly size: number;
  /** CRC-32 of the content; null when the format has none. */
  readonly crc32: number | null;
  content(): AsyncIterable<Uint8Array>;
}

/** The entries of a tar file, as they come. */
export async function* tarEntries(path: string): AsyncIterable<ArchiveEntry> {
  const extract = tar.extract();
  // What fails here fails the loop too, which is where it is told.
  pipeline(createReadStream(path), extract).catch(() => {});
  for await (const stream of extract) {
    const { name, type, size } = stream.header;
    const what = type ?? "unknown";
    const isFile = what === "file" || what === "contiguous-file";
    yield {
      name,
      kind: isFile ? "file" : what === "directory" ? "folder" : "other",
      what,
      size: size ?? 0,
      crc32: null,
      content: () => stream as AsyncIterable<Uint8Array>,
    };
    stream.resume();
  }
}

const FILE_TYPE_MASK = 0o170000;
/** Unix file types a zip may name; 0: made on a system that has none. */
const ZIP_TYPES: Readonly<Record<number, string>> = {
  0: "file",
  0o100000: "file",
  0o040000: "directory",
  0o120000: "symlink",
};

/** The entries of a zip file, in the order of its directory. */
export async function* zipEntries(path: string): AsyncIterable<ArchiveEntry> {
  // Undecoded names: the library would turn "\" into "/", and so hide a trick.
  const zip = await yauzl.openPromise(path, { decodeStrings: false });
  for await (const entry of zip.eachEntry()) {
    const { generalPurposeBitFlag: flag, fileNameRaw, extraFields } = entry;
    const name = yauzl.getFileNameLowLevel(
      flag,
      fileNameRaw,
      extraFields,
      true,
    );
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK;
    const what = name.endsWith("/") ? "directory" : ZIP_TYPES[type] ?? "device";
    yield {
      name,
      kind: what === "file"
        ? "file"
        : what === "directory"
        ? "folder"
        : "other",
      what,
      size: entry.uncompressedSize,
      crc32: entry.crc32,
      async *content() {
        yield* await zip.openReadStreamPromise(entry);
      },
    };
  }
}
