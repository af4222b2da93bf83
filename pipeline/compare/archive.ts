/**
 * Exports as files: a tar file of manifest and members, packed by zstd, or the
 * manifest alone as JSON. The same run gives the same bytes.
 *
 * What is read back lies in memory only, so that no name in it can lead
 * anywhere; and a file is believed in nothing: not its size, not its names, not
 * its digests.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import tar from "tar-stream";
import { digestOf } from "../store/digest.ts";
import { quote } from "../workflow/wording.ts";
import { UnreadableRun } from "./unreadable_run.ts";
import {
  decodeManifest,
  encodeManifest,
  type ExportLimits,
  LIMITS,
  type Manifest,
  type Member,
} from "./manifest.ts";
import { zstdFrameProblem } from "./zstd_frame.ts";

/** An export in memory. */
export interface Export {
  readonly manifest: Manifest;
  /** Bytes of its members by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Of every entry. Not 0: some programs warn of times that early. */
const MODIFIED = new Date("1980-01-01T00:00:00Z");

/** Higher ones gain little, as most of what is large is packed already. */
const LEVEL = 9;

/** Headers, a long name among them, and what fills the last block. */
const TAR_BYTES_PER_MEMBER = 3072;

/** Packs an export; its files must be those of its manifest. */
export async function encodeArchive(
  { manifest, files }: Export,
): Promise<Uint8Array> {
  const pack = tar.pack();
  const add = (path: string, bytes: Uint8Array) =>
    pack.entry({
      // In a folder of its own, for those who unpack it.
      name: `${manifest.record.run}/${path}`,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: MODIFIED,
    }, Buffer.from(bytes));
  add("manifest.json", encodeManifest(manifest));
  for (const { path } of manifest.members) add(path, files.get(path)!);
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk as Uint8Array);
  return zstdCompressSync(Buffer.concat(chunks), {
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}

/** Reads the file of an export. @throws {UnreadableRun} */
export async function readExport(
  path: string,
  limits: ExportLimits = LIMITS,
): Promise<Export> {
  const { size, isFile } = Deno.statSync(path);
  if (!isFile) throw new UnreadableRun(path, "it must be a file: it is not");
  if (size > limits.fileBytes) {
    throw new UnreadableRun(
      path,
      `it may have ${limits.fileBytes} bytes: it has ${size}`,
    );
  }
  const bytes = Deno.readFileSync(path);
  if (!path.endsWith(".json")) return await decodeArchive(bytes, path, limits);
  const manifest = decodeManifest(bytes, { path, limits });
  // As it stands alone, it names no files beside it.
  return { manifest: { ...manifest, members: [] }, files: new Map() };
}

/** Unpacks an export. @throws {UnreadableRun} */
export async function decodeArchive(
  bytes: Uint8Array,
  path: string,
  limits: ExportLimits = LIMITS,
): Promise<Export> {
  const entries = await unpack(unzip(bytes, path, limits), path);
  const [first, ...others] = entries;
  if (first === undefined || !/^[^/]+\/manifest\.json$/.test(first.name)) {
    throw new UnreadableRun(
      path,
      `it must begin with its manifest: it begins with ` +
        `${first === undefined ? "nothing" : quote(first.name)}`,
    );
  }
  const manifest = decodeManifest(first.bytes, { path, limits });
  const root = first.name.slice(0, first.name.indexOf("/"));
  const files = new Map<string, Uint8Array>();
  for (const [i, member] of manifest.members.entries()) {
    const entry = others[i];
    checkMember(member, entry, { path, root });
    files.set(member.path, entry!.bytes);
  }
  const more = others.length - manifest.members.length;
  if (more === 0) return { manifest, files };
  throw new UnreadableRun(
    path,
    `it must hold only what its manifest names: it holds ${more} more`,
  );
}

function unzip(
  bytes: Uint8Array,
  path: string,
  limits: ExportLimits,
): Uint8Array {
  const problem = zstdFrameProblem(bytes);
  if (problem !== null) {
    throw new UnreadableRun(
      path,
      `it must be one whole zstd frame: ${problem}`,
    );
  }
  const maxOutputLength = limits.manifestBytes + limits.unpackedBytes +
    limits.members * TAR_BYTES_PER_MEMBER;
  try {
    return zstdDecompressSync(bytes, { maxOutputLength });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new UnreadableRun(
      path,
      code === "ERR_BUFFER_TOO_LARGE"
        ? `it may unpack to ${maxOutputLength} bytes: it unpacks to more`
        : `its zstd must be sound: ${message}`,
    );
  }
}

interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function unpack(bytes: Uint8Array, path: string): Promise<Entry[]> {
  const extract = tar.extract();
  extract.end(bytes);
  const entries: Entry[] = [];
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      if (type !== "file") {
        throw new UnreadableRun(
          path,
          `it must hold plain files only: ${quote(name)} is a ${type}`,
        );
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array);
      entries.push({ name, bytes: Buffer.concat(chunks) });
    }
  } catch (error) {
    if (error instanceof UnreadableRun) throw error;
    const { message } = error as Error;
    throw new UnreadableRun(path, `it must be a whole tar file: ${message}`);
  }
  return entries;
}

function checkMember(
  { path, sizeBytes, sha256 }: Member,
  entry: Entry | undefined,
  archive: { path: string; root: string },
): void {
  const refuse = (problem: string) => new UnreadableRun(archive.path, problem);
  if (entry?.name !== `${archive.root}/${path}`) {
    const found = entry === undefined
      ? "the file ends"
      : `${quote(entry.name)} is`;
    throw refuse(`"${path}" must come next: ${found}`);
  }
  if (entry.bytes.length !== sizeBytes) {
    throw refuse(
      `"${path}" must have ${sizeBytes} bytes: it has ${entry.bytes.length}`,
    );
  }
  const found = digestOf(entry.bytes);
  if (found === sha256) return;
  throw refuse(`"${path}" must have SHA-256 ${sha256}: it has ${found}`);
}
