import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { digestOf } from "../../../pipeline/store/digest.ts";
import { readSource } from "../../../pipeline/store/source.ts";
import { namesIn } from "../../../pipeline/store/store.ts";
import { BUNDLE, NOTES, TEXT } from "../workflow/fake_stages.ts";
import { TemporaryStore } from "../temporary_store.ts";

/** Until a file is old enough for its hash to be remembered. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1100));
}

/** The one file in which hashes of a source are remembered. */
function cacheOf({ store }: TemporaryStore): string {
  const [name, ...others] = namesIn(`${store.root}/sources`);
  deepStrictEqual(others, []);
  return `${store.root}/sources/${name}`;
}

/** Puts a wrong digest into the cache: who gives it back did not hash. */
function poison(temporary: TemporaryStore): void {
  const cache = cacheOf(temporary);
  const text = Deno.readTextFileSync(cache);
  const digest = /"([0-9a-f]{64})"/.exec(text)![1]!;
  Deno.writeTextFileSync(cache, text.replace(digest, digestOf("poison")));
}

function digestRead(temporary: TemporaryStore, path: string): string {
  const source = readSource(path, TEXT, temporary.store);
  ok(source.ok);
  return source.content.digest;
}

Deno.test("readSource remembers the hash of a file that has not changed", async () => {
  using temporary = new TemporaryStore();
  const path = temporary.write("a.txt", "one");
  await settle();
  strictEqual(digestRead(temporary, path), digestOf("one"));
  poison(temporary);
  strictEqual(digestRead(temporary, path), digestOf("poison"));
});

Deno.test("readSource remembers nothing of a file that may change unseen", () => {
  using temporary = new TemporaryStore();
  const path = temporary.write("a.txt", "one");
  digestRead(temporary, path); // less than a second old
  strictEqual(Deno.readTextFileSync(cacheOf(temporary)), "[]");
});

const CHANGES: Record<string, (path: string) => void> = {
  size: (path) => {
    const { mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "three");
    Deno.utimeSync(path, mtime!, mtime!);
  },
  mtime: (path) => Deno.utimeSync(path, 5, 5),
  ctime: (path) => {
    const { mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(path, "two");
    Deno.utimeSync(path, mtime!, mtime!);
  },
  inode: (path) => {
    const { mtime } = Deno.statSync(path);
    Deno.writeTextFileSync(`${path}.new`, "two");
    Deno.utimeSync(`${path}.new`, mtime!, mtime!);
    Deno.renameSync(`${path}.new`, path);
  },
};

for (const [what, change] of Object.entries(CHANGES)) {
  Deno.test(`readSource hashes again when the ${what} has changed`, async () => {
    using temporary = new TemporaryStore();
    const path = temporary.write("a.txt", "one");
    await settle();
    digestRead(temporary, path);
    poison(temporary);
    change(path);
    const text = Deno.readTextFileSync(path);
    strictEqual(digestRead(temporary, path), digestOf(text));
  });
}

Deno.test("readSource survives a cache that was cut short", async () => {
  using temporary = new TemporaryStore();
  const path = temporary.write("a.txt", "one");
  await settle();
  digestRead(temporary, path);
  Deno.truncateSync(cacheOf(temporary), 10);
  strictEqual(digestRead(temporary, path), digestOf("one"));
});

Deno.test("readSource takes items by extension and leaves the rest", () => {
  using temporary = new TemporaryStore();
  for (const name of ["b.txt", "a.txt", "c.md", ".d.txt", "sub/e.txt"]) {
    temporary.write(`notes/${name}`, name);
  }
  const source = readSource(
    `${temporary.folder}/notes`,
    NOTES,
    temporary.store,
  );
  ok(source.ok);
  deepStrictEqual(source.tree?.map(({ path }) => path), ["a.txt", "b.txt"]);
  strictEqual(source.content.sizeBytes, 10);
});

Deno.test("readSource names files that look like items but cannot be", () => {
  using temporary = new TemporaryStore();
  for (const name of ["a.txt", "b c.txt", "é.txt"]) {
    temporary.write(`notes/${name}`, name);
  }
  const path = `${temporary.folder}/notes`;
  const source = readSource(path, NOTES, temporary.store);
  deepStrictEqual(source.ok ? [] : source.problems, [{
    path,
    message: `Cannot read "${path}" as notes as each name must be letters, ` +
      `digits and _ . + @ = , -: "b c.txt", "é.txt"`,
  }]);
});

Deno.test("readSource says what is missing, all parts at once", () => {
  using temporary = new TemporaryStore();
  const { store, folder } = temporary;
  const messagesOf = (
    ...[path, kind]: [string, typeof TEXT | typeof BUNDLE]
  ) => {
    const source = readSource(path, kind, store);
    return source.ok ? [] : source.problems.map(({ message }) => message);
  };
  deepStrictEqual(messagesOf(`${folder}/no.txt`, TEXT), [
    `Cannot read "${folder}/no.txt" as text as it must exist: nothing is there`,
  ]);
  deepStrictEqual(messagesOf(folder, TEXT), [
    `Cannot read "${folder}" as text as it must be a file: is folder`,
  ]);
  const must = `Cannot read "${folder}" as bundle as it must hold the folder`;
  deepStrictEqual(messagesOf(folder, BUNDLE), [
    `${must} "notes": it does not`,
    `${must} "old/notes": it does not`,
  ]);
  const file = temporary.write("notes", "a file");
  deepStrictEqual(messagesOf(file, BUNDLE), [
    `Cannot read "${file}" as bundle as it must be a folder: is file`,
  ]);
});
