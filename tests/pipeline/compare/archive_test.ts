import { deepStrictEqual, match, ok, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import tar from "tar-stream";
import {
  decodeArchive,
  encodeArchive,
} from "../../../pipeline/compare/archive.ts";
import { LIMITS } from "../../../pipeline/compare/manifest.ts";
import { digestOf } from "../../../pipeline/store/digest.ts";
import { exportOf, manifestText, SMALL } from "./exports.ts";

interface RawEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly type?: "file" | "symlink" | "directory";
  readonly linkname?: string;
}

/** An archive of whatever entries. */
async function packed(entries: readonly RawEntry[]): Promise<Uint8Array> {
  const pack = tar.pack();
  for (const { content = "", ...header } of entries) {
    pack.entry(header, Buffer.from(content as string));
  }
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk as Uint8Array);
  return zstdCompressSync(Buffer.concat(chunks));
}

const MANIFEST = { name: "r/manifest.json", content: manifestText(SMALL) };
const ONE = { name: "r/outputs/a.text.txt", content: "one" };
const TWO = { name: "r/outputs/b.texts/x.txt", content: "two" };

/** Expects that an archive is refused with just this text. */
async function refused(
  bytes: Uint8Array | Promise<Uint8Array>,
  problem: string,
  limits = LIMITS,
): Promise<void> {
  await rejects(decodeArchive(await bytes, "x.tar.zst", limits), {
    message: `Cannot read "x.tar.zst" as ${problem}`,
  });
}

Deno.test("an archive gives back what went in, and its bytes are always the same", async () => {
  const bytes = await encodeArchive(SMALL);
  deepStrictEqual(await encodeArchive(SMALL), bytes);
  const read = await decodeArchive(bytes, "x.tar.zst");
  deepStrictEqual(read.manifest, SMALL.manifest);
  const texts = [...read.files].map((
    [path, file],
  ) => [path, new TextDecoder().decode(file)]);
  deepStrictEqual(texts, [
    ["outputs/a.text.txt", "one"],
    ["outputs/b.texts/x.txt", "two"],
  ]);
});

Deno.test("names longer than a tar header has room for survive", async () => {
  const long = `outputs/a.b/${"x".repeat(240)}.txt`;
  const read = await decodeArchive(
    await encodeArchive(exportOf({ [long]: "text" })),
    "x.tar.zst",
  );
  deepStrictEqual([...read.files.keys()], [long]);
});

Deno.test("an archive cut short anywhere is refused as that", async () => {
  const bytes = await encodeArchive(SMALL);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 4, max: bytes.length - 1 }),
      (length) =>
        refused(
          bytes.subarray(0, length),
          "it must be one whole zstd frame: it is cut short",
        ),
    ),
    { numRuns: 50 },
  );
  await refused(
    bytes.subarray(0, 3),
    "it must be one whole zstd frame: it is none",
  );
});

Deno.test("an archive with any byte changed is refused", async () => {
  const bytes = await encodeArchive(SMALL);
  const byte = fc.integer({ min: 0, max: bytes.length - 1 });
  await fc.assert(
    fc.asyncProperty(byte, fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= flip;
      return decodeArchive(changed, "x.tar.zst").then(
        // What a frame says of its window may change without effect.
        (read) => deepStrictEqual(read.manifest, SMALL.manifest),
        ({ message }) => match(message, /^Cannot read "x\.tar\.zst" as it/),
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("what follows an archive is refused", async () => {
  const bytes = await encodeArchive(SMALL);
  const twice = Buffer.concat([bytes, bytes]);
  await refused(
    twice,
    `it must be one whole zstd frame: ${bytes.length} bytes follow it`,
  );
});

Deno.test("an archive that unpacks to more than it may is stopped, and soon", async () => {
  const bomb = zstdCompressSync(new Uint8Array(2 ** 28));
  const limits = {
    fileBytes: 2 ** 20,
    manifestBytes: 1000,
    unpackedBytes: 20_000,
    members: 1,
  };
  ok(bomb.length < limits.fileBytes);
  const start = performance.now();
  await refused(
    bomb,
    "it may unpack to 24072 bytes: it unpacks to more",
    limits,
  );
  ok(performance.now() - start < 1000);
});

Deno.test("an archive holds what its manifest names, in order, and nothing else", async () => {
  const must = '"outputs/a.text.txt" must come next';
  await refused(packed([MANIFEST, TWO, ONE]), `${must}: "${TWO.name}" is`);
  await refused(packed([MANIFEST]), `${must}: the file ends`);
  await refused(
    packed([MANIFEST, ONE, ONE, TWO]),
    `"outputs/b.texts/x.txt" must come next: "${ONE.name}" is`,
  );
  await refused(
    packed([MANIFEST, ONE, TWO, { name: "r/../../etc/passwd" }]),
    "it must hold only what its manifest names: it holds 1 more",
  );
  await refused(
    packed([ONE, MANIFEST]),
    `it must begin with its manifest: it begins with "${ONE.name}"`,
  );
  await refused(
    packed([]),
    "it must begin with its manifest: it begins with nothing",
  );
});

Deno.test("links and folders are refused, whatever they are called", async () => {
  const link = {
    ...ONE,
    content: "",
    type: "symlink",
    linkname: "/etc/passwd",
  };
  await refused(
    packed([MANIFEST, link as RawEntry, TWO]),
    `it must hold plain files only: "${ONE.name}" is a symlink`,
  );
  await refused(
    packed([{ name: "r", type: "directory" }, MANIFEST, ONE, TWO]),
    'it must hold plain files only: "r" is a directory',
  );
});

Deno.test("a member that is not what the manifest tells is refused", async () => {
  await refused(
    packed([MANIFEST, { ...ONE, content: "onE" }, TWO]),
    `"outputs/a.text.txt" must have SHA-256 ${digestOf("one")}: ` +
      `it has ${digestOf("onE")}`,
  );
  await refused(
    packed([MANIFEST, { ...ONE, content: "one more" }, TWO]),
    '"outputs/a.text.txt" must have 3 bytes: it has 8',
  );
});

Deno.test("tar that ends too early within a whole frame is refused", async () => {
  const whole = zstdDecompressSync(await encodeArchive(SMALL));
  const size = whole.indexOf("outputs/b.texts/x.txt") + 100;
  await refused(
    zstdCompressSync(whole.subarray(0, size)),
    "it must be a whole tar file: Unexpected end of data",
  );
});
