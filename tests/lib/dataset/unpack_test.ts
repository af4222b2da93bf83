import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import fc from "fast-check";
import {
  unpack,
  UnpackError,
  type UnpackOptions,
} from "../../../lib/dataset/unpack.ts";
import { makeTar, makeZip, type TarItem, type ZipItem } from "./_archives.ts";

const OPTIONS = {
  folders: { "kit/VOC/Masks": "VOC/Masks", "kit/VOC/Sets/Seg": "VOC/Sets/Seg" },
  maxBytes: 100,
  maxEntries: 10,
};

const GOOD = [
  { name: "kit/VOC/Masks/a.png", text: "mask a" },
  { name: "kit/VOC/Masks/deep/b.png", text: "mask b" },
  { name: "kit/VOC/Sets/Seg/val.txt", text: "a\n" },
  { name: "kit/VOC/Sets/Main/val.txt", text: "not wanted" },
  { name: "kit/VOC/MasksOld/a.png", text: "not wanted" },
];
const GOOD_FILES = {
  "VOC/Masks/a.png": "mask a",
  "VOC/Masks/deep/b.png": "mask b",
  "VOC/Sets/Seg/val.txt": "a\n",
};

interface Scene {
  readonly archive: string;
  readonly into: string;
  run(options?: Partial<UnpackOptions>): ReturnType<typeof unpack>;
  refuses(message: string, options?: Partial<UnpackOptions>): Promise<void>;
}

async function scene(
  kind: "tar" | "zip",
  bytes: Uint8Array,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const archive = `${folder}/x.${kind}`;
  const into = `${folder}/data`;
  await Deno.writeFile(archive, bytes);
  const run: Scene["run"] = (options = {}) =>
    unpack(archive, into, { kind, ...OPTIONS, ...options });
  const refuses: Scene["refuses"] = async (found, options) => {
    await rejects(() => run(options), (error) => {
      strictEqual(error instanceof UnpackError, true, String(error));
      const start = `Cannot unpack "${archive}" as `;
      strictEqual((error as Error).message, `${start}${found}`);
      return true;
    });
    deepStrictEqual(await filesIn(into), {});
  };
  try {
    await body({ archive, into, run, refuses });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function tarScene(
  items: readonly TarItem[],
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  await scene("tar", await makeTar(items), body);
}

function zipScene(
  items: readonly ZipItem[],
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  return scene("zip", makeZip(items), body);
}

/** All files under a folder, with their text. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  async function visit(path: string, prefix: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (isDirectory) await visit(`${path}/${name}`, `${prefix}${name}/`);
      else found[prefix + name] = await Deno.readTextFile(`${path}/${name}`);
    }
  }
  try {
    await visit(folder, "");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}

/** The same claim for both formats. */
function both(
  claim: string,
  items: readonly (TarItem & ZipItem)[],
  body: (scene: Scene) => Promise<void>,
): void {
  Deno.test(`unpack ${claim} (tar)`, () => tarScene(items, body));
  Deno.test(`unpack ${claim} (zip)`, () => zipScene(items, body));
}

both("takes the folders asked for and nothing else", GOOD, async (s) => {
  deepStrictEqual(await s.run(), { files: 3, bytes: 14 });
  deepStrictEqual(await filesIn(s.into), GOOD_FILES);
  const top = [...Deno.readDirSync(s.into)].map((entry) => entry.name);
  deepStrictEqual(top, ["VOC"]);
});

both("takes names that begin with ./", [
  ...GOOD,
  { name: "./kit/VOC/./Masks/c.png", text: "c" },
], async (s) => {
  await s.run();
  strictEqual((await filesIn(s.into))["VOC/Masks/c.png"], "c");
});

both("leaves other files where they are", GOOD, async (s) => {
  await Deno.mkdir(`${s.into}/VOC/Masks`, { recursive: true });
  await Deno.writeTextFile(`${s.into}/VOC/Masks/mine.png`, "mine");
  await Deno.writeTextFile(`${s.into}/VOC/Masks/a.png`, "old");
  await s.run();
  deepStrictEqual(await filesIn(s.into), {
    ...GOOD_FILES,
    "VOC/Masks/mine.png": "mine",
  });
});

both("sweeps up what a kill left", GOOD, async (s) => {
  const left = `${s.into}/.unpacking-${s.archive.split("/").at(-1)}/VOC/Masks`;
  await Deno.mkdir(left, { recursive: true });
  await Deno.writeTextFile(`${left}/half.png`, "ha");
  await s.run();
  deepStrictEqual(await filesIn(s.into), GOOD_FILES);
});

both("leaves nothing when aborted", GOOD, async (s) => {
  const stop = new AbortController();
  const options = { signal: stop.signal, onProgress: () => stop.abort() };
  await rejects(() => s.run(options), { name: "AbortError" });
  deepStrictEqual(await filesIn(s.into), {});
});

both("tells of progress", GOOD, async (s) => {
  const told: unknown[] = [];
  await s.run({ onProgress: (written) => told.push(written) });
  deepStrictEqual(told[0], { files: 1, bytes: 6 });
  strictEqual(told.length, 3);
});

const OUTSIDE = [
  "../x",
  "kit/VOC/Masks/../../../../x",
  "/x",
  "a\\..\\x",
  "C:/x",
];
for (const name of OUTSIDE) {
  const found = `one is ${JSON.stringify(name)}`;
  both(
    `refuses the name ${name}`,
    [...GOOD, { name, text: "!" }],
    (s) => s.refuses(`its names must stay inside the folder: ${found}`),
  );
}

both(
  "refuses two files of one name",
  [...GOOD, { name: "kit/VOC/Masks/a.png", text: "again" }],
  (s) => s.refuses('its names must not clash: "kit/VOC/Masks/a.png" does'),
);

both(
  "refuses a file where a folder must be",
  [...GOOD, { name: "kit/VOC/Masks/a.png/b.png", text: "below a file" }],
  (s) =>
    s.refuses('its names must not clash: "kit/VOC/Masks/a.png/b.png" does'),
);

both(
  "refuses more bytes than allowed",
  [...GOOD, { name: "kit/VOC/Masks/big.png", text: "0".repeat(87) }],
  (s) => s.refuses("it may hold 100 bytes: holds more"),
);

both(
  "refuses more entries than allowed, wanted or not",
  Array.from({ length: 11 }, (_, i) => ({ name: `other/${i}` })),
  (s) => s.refuses("it may hold 10 entries: holds more"),
);

both(
  "refuses an archive that lacks a folder",
  GOOD.slice(0, 2),
  (s) => s.refuses('it must hold files in "kit/VOC/Sets/Seg": none there'),
);

for (const type of ["symlink", "link", "block-device"] as const) {
  const link = { name: "kit/VOC/Masks/l", type, linkname: "/etc" };
  Deno.test(`unpack refuses a ${type} (tar)`, () =>
    tarScene([...GOOD, link], (s) =>
      s.refuses(
        `it must hold files and folders only: "kit/VOC/Masks/l" is a ${type}`,
      )));
}

Deno.test("unpack refuses a link outside the wanted folders too (zip)", () =>
  zipScene(
    [...GOOD, { name: "other/l", text: "/etc", mode: 0o120777 }],
    (s) =>
      s.refuses('it must hold files and folders only: "other/l" is a symlink'),
  ));

Deno.test("unpack refuses a device (zip)", () =>
  zipScene(
    [...GOOD, { name: "other/d", mode: 0o060644 }],
    (s) =>
      s.refuses('it must hold files and folders only: "other/d" is a device'),
  ));

Deno.test("unpack takes folders as entries (tar)", () =>
  tarScene(
    [{ name: "kit/VOC/Masks", type: "directory" }, ...GOOD],
    async (s) => {
      await s.run();
      deepStrictEqual(await filesIn(s.into), GOOD_FILES);
    },
  ));

Deno.test("unpack takes folders and Mac clutter as entries (zip)", () =>
  zipScene([
    { name: "kit/VOC/Masks/", mode: 0o040755 },
    { name: "__MACOSX/kit/VOC/Masks/._a.png", text: "clutter" },
    ...GOOD,
  ], async (s) => {
    await s.run();
    deepStrictEqual(await filesIn(s.into), GOOD_FILES);
  }));

const BOMB = { name: "kit/VOC/Masks/z", text: "0".repeat(1_000_000) };

Deno.test("unpack stops a bomb that announces few bytes (zip)", () =>
  zipScene([{ ...BOMB, size: 10 }, ...GOOD], (s) =>
    s.refuses(
      "it must be whole: too many bytes in the stream. expected 10. " +
        "got at least 16384",
    )));

Deno.test("unpack stops a bomb that announces its size (zip)", () =>
  zipScene(
    [BOMB, ...GOOD],
    (s) => s.refuses("it may hold 100 bytes: holds more"),
  ));

Deno.test("unpack refuses content with another CRC-32 (zip)", () =>
  zipScene([{ ...GOOD[0]!, crc: 1 }, ...GOOD.slice(1)], (s) =>
    s.refuses(
      'the CRC-32 of "kit/VOC/Masks/a.png" must be 00000001: is 33c3bd05',
    )));

Deno.test("unpack refuses what is no archive", async () => {
  const page = new TextEncoder().encode("<html>".padEnd(2000));
  await scene("tar", page, (s) =>
    s.refuses(
      "it must be whole: Invalid tar header. Maybe the tar is corrupted or it " +
        "needs to be gunzipped?",
    ));
  await scene("zip", page, (s) =>
    s.refuses(
      "it must be whole: End of central directory record signature not found. " +
        "Either not a zip file, or file is truncated",
    ));
});

function refusesAllCuts(
  kind: "tar" | "zip",
  whole: Uint8Array,
  length: fc.Arbitrary<number>,
): Promise<void> {
  const cut = (at: number) =>
    scene(kind, whole.subarray(0, at), async (s) => {
      await rejects(() => s.run(), UnpackError);
      deepStrictEqual(await filesIn(s.into), {});
    });
  return fc.assert(fc.asyncProperty(length, cut), { numRuns: 40 });
}

Deno.test("unpack refuses a cut tar, wherever it is cut", async () => {
  // Past the last wanted entry a cut harms nothing that is asked for.
  const length = fc.integer({ min: 1, max: 5 * 512 + 2 });
  await refusesAllCuts("tar", await makeTar(GOOD), length);
});

Deno.test("unpack refuses a cut zip, wherever it is cut", async () => {
  const whole = makeZip(GOOD);
  const length = fc.integer({ min: 0, max: whole.length - 1 });
  await refusesAllCuts("zip", whole, length);
});
