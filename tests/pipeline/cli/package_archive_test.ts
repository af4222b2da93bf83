/** Archives: same bytes for same files, and parts that join. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  type PackageEntry,
  writeArchive,
} from "../../../pipeline/cli/package_archive.ts";
import { TemporaryStore } from "../temporary_store.ts";

/** Bytes that gzip cannot make smaller: a sequence with a long period. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state >> 8;
  });
}

const OPTIONS = { name: "toy.tar.gz", root: "toy-1", partBytes: 1_000_000 };

/** Makes an archive of `files`; gives the folder it is in. */
async function archived(
  files: TemporaryStore,
  entries: readonly PackageEntry[],
  partBytes = OPTIONS.partBytes,
) {
  const folder = `${files.folder}/out`;
  Deno.mkdirSync(folder, { recursive: true });
  const parts = await writeArchive(entries, { ...OPTIONS, folder, partBytes });
  return { folder, parts };
}

function namesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

function shell(cwd: string, script: string): string {
  const { success, stdout, stderr } = new Deno.Command("sh", {
    args: ["-c", script],
    cwd,
  }).outputSync();
  strictEqual(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("order, times and rights of the files do not change a byte", async () => {
  using files = new TemporaryStore();
  const one = files.write("one", "1");
  const two = files.write("two", "2");
  const entries: PackageEntry[] = [
    { kind: "file", path: "b/one", source: one },
    { kind: "file", path: "a", source: two },
    { kind: "link", path: "c", target: "b/one" },
  ];
  const { folder } = await archived(files, entries);
  const before = Deno.readFileSync(`${folder}/${OPTIONS.name}`);
  Deno.utimeSync(one, 1, 1);
  Deno.chmodSync(two, 0o600);
  await archived(files, entries.toReversed());
  deepStrictEqual(Deno.readFileSync(`${folder}/${OPTIONS.name}`), before);
});

Deno.test("tar unpacks files, programs, links and long paths as they were", async () => {
  using files = new TemporaryStore();
  const source = files.write("program", "#!/bin/sh\necho ran\n");
  Deno.chmodSync(source, 0o700);
  const deep = `${"folder/".repeat(40)}é`;
  const { folder, parts } = await archived(files, [
    { kind: "file", path: "program", source },
    { kind: "link", path: "in/link", target: "../program" },
    { kind: "text", path: deep, text: "deep", isProgram: false },
    { kind: "text", path: "start", text: "#!/bin/sh\n", isProgram: true },
  ]);
  deepStrictEqual(parts.map(({ name }) => name), [OPTIONS.name]);
  strictEqual(parts[0]!.bytes, Deno.statSync(`${folder}/toy.tar.gz`).size);
  strictEqual(
    shell(folder, `tar -xzf toy.tar.gz && cd toy-1 && ./in/link && ./start`),
    "ran\n",
  );
  strictEqual(Deno.readTextFileSync(`${folder}/toy-1/${deep}`), "deep");
  const { mode } = Deno.statSync(`${folder}/toy-1/${deep}`);
  strictEqual(mode! & 0o111, 0);
});

Deno.test("a large archive comes in parts that sort and join", async () => {
  using files = new TemporaryStore();
  const source = `${files.folder}/noise`;
  Deno.writeFileSync(source, noise(10_000));
  const entries: PackageEntry[] = [{ kind: "file", path: "noise", source }];
  const { folder, parts } = await archived(files, entries, 1000);
  const sizes = parts.map(({ bytes }) => bytes);
  strictEqual(parts.length, 11);
  deepStrictEqual(sizes.slice(0, -1), Array(10).fill(1000));
  deepStrictEqual(namesOf(folder), parts.map(({ name }) => name));
  deepStrictEqual(parts[0]!.name, "toy.tar.gz.part01");
  shell(folder, "cat toy.tar.gz.part* | tar -xzf -");
  deepStrictEqual(Deno.readFileSync(`${folder}/toy-1/noise`), noise(10_000));
});

Deno.test("a new archive replaces all parts of the last one, nothing else", async () => {
  using files = new TemporaryStore();
  const source = `${files.folder}/noise`;
  Deno.writeFileSync(source, noise(3000));
  const { folder } = await archived(
    files,
    [{ kind: "file", path: "noise", source }],
    1000,
  );
  files.write("out/other.tar.gz.part1", "another's");
  files.write("out/.toy.tar.gz.part0", "of one that was killed");
  await archived(files, [
    { kind: "text", path: "a", text: "a", isProgram: false },
  ]);
  deepStrictEqual(namesOf(folder), ["other.tar.gz.part1", "toy.tar.gz"]);
  shell(folder, "tar -xzf toy.tar.gz");
});

Deno.test("when a file cannot be read, the last archive stays", async () => {
  using files = new TemporaryStore();
  const text = {
    kind: "text",
    path: "a",
    text: "a",
    isProgram: false,
  } as const;
  const { folder } = await archived(files, [text]);
  const absent = `${files.folder}/absent`;
  await rejects(
    archived(files, [text, { kind: "file", path: "b", source: absent }]),
    Deno.errors.NotFound,
  );
  deepStrictEqual(namesOf(folder), ["toy.tar.gz"]);
  shell(folder, "tar -xzf toy.tar.gz");
});
