import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { Buffer } from "node:buffer";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import tar from "tar-stream";
import {
  decodeArchive,
  encodeArchive,
  type Export,
  readExport,
} from "../../../pipeline/compare/archive.ts";
import {
  decodeManifest,
  encodeManifest,
  LIMITS,
  type Manifest,
  manifestOf,
} from "../../../pipeline/compare/manifest.ts";
import { digestOf } from "../../../pipeline/store/digest.ts";
import { record, step } from "./run_records.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** An export of files with these texts. */
function exportOf(texts: Record<string, string>): Export {
  const files = new Map(
    Object.entries(texts).map(([path, text]) => [path, bytesOf(text)]),
  );
  const members = [...files].map(([path, bytes]) => ({
    path,
    sizeBytes: bytes.length,
    sha256: digestOf(bytes),
  }));
  const steps = [step({ id: "a", outputs: { text: "one" } })];
  return { manifest: manifestOf(record(steps), members), files };
}

const SMALL = exportOf({
  "outputs/a.text.txt": "one",
  "outputs/b.texts/x.txt": "two",
});

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

function manifestText({ manifest }: { manifest: Manifest }): string {
  return new TextDecoder().decode(encodeManifest(manifest));
}

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

/** A manifest with its text changed. */
function changed(change: (text: string) => string): Uint8Array {
  return bytesOf(change(manifestText(SMALL)));
}

Deno.test("a manifest that was edited is refused", () => {
  const refuse = (bytes: Uint8Array, problem: string) =>
    throws(() => decodeManifest(bytes, { path: "m.json" }), {
      message: `Cannot read "m.json" as ${problem}`,
    });
  refuse(
    changed((text) => text.replace('"workflow": "w"', '"workflow": "v"')),
    "its manifest must have the SHA-256 that it names: it has not",
  );
  refuse(
    changed((text) => text.slice(0, 100)),
    `its manifest must be JSON: "Unterminated string in JSON at position ` +
      `100 (line 7 column 13)"`,
  );
  refuse(
    Uint8Array.of(0xff),
    "its manifest must be UTF-8: it is not",
  );
  refuse(
    bytesOf("[".repeat(100) + "]".repeat(100)),
    "its manifest may nest 64 maps and lists: it nests more",
  );
  refuse(
    bytesOf('{"kind": "run-export", "schema": 7, "more": 1}'),
    'its manifest must be of the form that is written: "schema" must be ' +
      '"1": it is 7, "record" must be a map: it is missing, "members" must ' +
      'be a list: it is missing, "sha256" must be a string: it is missing, ' +
      '"more" is unknown',
  );
});

Deno.test("paths of members lead nowhere else", () => {
  const bad = ["/etc/passwd", "outputs/../x", "outputs/./x", "x", "outputs/"]
    .concat(["outputs//x", "outputs/a\\b", "outputs/a\nb", "outputs/.."]);
  for (const path of bad) {
    const { manifest } = exportOf({ [path]: "text" });
    throws(
      () => decodeManifest(encodeManifest(manifest), { path: "m.json" }),
      /as its manifest must be of the form .*must be a plain path under outputs/,
      path,
    );
  }
});

Deno.test("a manifest that names a file twice, or too much, is refused", () => {
  const [member] = SMALL.manifest.members;
  const twice = manifestOf(record([]), [member!, member!]);
  const decode = (manifest: Manifest, limits = LIMITS) =>
    decodeManifest(encodeManifest(manifest), { path: "m.json", limits });
  throws(() => decode(twice), {
    message: 'Cannot read "m.json" as its members must be in order, each ' +
      "once: they are not",
  });
  const large = manifestOf(record([]), [{ ...member!, sizeBytes: 2 ** 40 }]);
  throws(() => decode(large), {
    message: 'Cannot read "m.json" as it may hold 1073741824 bytes: it names ' +
      "1099511627776",
  });
  throws(
    () => decode(SMALL.manifest, { ...LIMITS, members: 1 }),
    { message: 'Cannot read "m.json" as it may hold 1 files: it names 2' },
  );
});

Deno.test("a manifest alone is an export without files", async () => {
  const path = Deno.makeTempFileSync({ suffix: ".json" });
  try {
    Deno.writeFileSync(path, encodeManifest(SMALL.manifest));
    const { manifest, files } = await readExport(path);
    deepStrictEqual(manifest.record, SMALL.manifest.record);
    strictEqual(files.size, 0);
    await rejects(readExport(path, { ...LIMITS, fileBytes: 9 }), {
      message: `Cannot read "${path}" as it may have 9 bytes: it has ` +
        `${encodeManifest(SMALL.manifest).length}`,
    });
  } finally {
    Deno.removeSync(path);
  }
});
