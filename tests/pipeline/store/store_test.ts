import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { digestOf } from "../../../pipeline/store/digest.ts";
import type {
  Fingerprint,
  ResultRecord,
} from "../../../pipeline/store/fingerprint.ts";
import { namesIn, Store, writeSealed } from "../../../pipeline/store/store.ts";
import { bytesOf, TemporaryStore } from "../temporary_store.ts";

const HELLO = bytesOf("hello");

/** Changes an object's bytes; its time of change stays when `isSealed`. */
function damage(store: Store, isSealed: boolean, text = "jello"): void {
  const path = store.objectPath(digestOf(HELLO));
  const { mtime } = Deno.statSync(path);
  Deno.chmodSync(path, 0o644);
  Deno.writeTextFileSync(path, text);
  if (isSealed) Deno.utimeSync(path, mtime!, mtime!);
}

Deno.test("put stores bytes under their digest, read-only and sealed", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  strictEqual(digest, digestOf(HELLO));
  deepStrictEqual(store.read(digest), HELLO);
  const info = Deno.statSync(store.objectPath(digest));
  strictEqual(info.mode! & 0o777, 0o444);
  strictEqual(info.mtime!.getTime(), 1000);
  deepStrictEqual(namesIn(`${store.root}/incoming`), []);
});

Deno.test("put leaves what is there already", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  const { ino } = Deno.statSync(store.objectPath(digest));
  await store.put(HELLO);
  strictEqual(Deno.statSync(store.objectPath(digest)).ino, ino);
});

Deno.test("put replaces a damaged object and keeps its bytes for a look", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  damage(store, false);
  await store.put(HELLO);
  deepStrictEqual(store.read(digest), HELLO);
  strictEqual(
    Deno.readTextFileSync(`${store.root}/damaged/${digest}`),
    "jello",
  );
});

Deno.test("put leaves nothing behind when it fails", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  Deno.mkdirSync(store.root);
  Deno.writeTextFileSync(`${store.root}/objects`, "in the way");
  await rejects(store.put(HELLO));
  deepStrictEqual(namesIn(`${store.root}/incoming`), []);
});

Deno.test("healthOf tells whole, missing and damaged objects apart", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = digestOf(HELLO);
  strictEqual(store.healthOf(digest, 5), "missing");
  await store.put(HELLO);
  strictEqual(store.healthOf(digest, 5), "whole");
  damage(store, false);
  strictEqual(store.healthOf(digest, 5), "damaged");
});

Deno.test("healthOf mends the seal of an object that was only touched", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  const path = store.objectPath(digest);
  Deno.utimeSync(path, 7, 7);
  strictEqual(store.healthOf(digest, 5), "whole");
  strictEqual(Deno.statSync(path).mtime!.getTime(), 1000);
});

Deno.test("healthOf sees another size under an intact seal", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  damage(store, true, "jello!");
  strictEqual(store.healthOf(digest, 5), "damaged");
});

Deno.test("rehash believes no seal, and read no bytes", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  damage(store, true);
  strictEqual(store.healthOf(digest, 5), "whole"); // what a seal is for
  strictEqual(store.rehash(digest), "damaged");
  throws(
    () => store.read(digest),
    /Cannot read object 2cf24dba.* as its bytes must have that digest: they/,
  );
});

Deno.test("quarantine takes an object out of use and breaks its seal", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  const link = `${temporary.folder}/link`;
  Deno.linkSync(store.objectPath(digest), link);
  strictEqual(store.isQuarantined(digest), false);
  store.quarantine(digest);
  strictEqual(store.isQuarantined(digest), true);
  strictEqual(store.healthOf(digest, 5), "missing");
  strictEqual(Deno.statSync(link).mtime!.getTime(), 0);
});

Deno.test("adopt moves a file into place once", async () => {
  using temporary = new TemporaryStore();
  const { store, folder } = temporary;
  const digest = digestOf(HELLO);
  for (const name of ["first", "second"]) {
    const path = `${folder}/${name}`;
    await writeSealed(path, HELLO);
    store.adopt(path, digest);
    strictEqual(namesIn(folder).includes(name), false);
  }
  deepStrictEqual([...store.objects()], [digest]);
  deepStrictEqual(store.read(digest), HELLO);
});

Deno.test("a tree is found whole, or its first fault is named", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const digest = await store.put(HELLO);
  const tree = [{ path: "a/b.txt", digest, sizeBytes: 5 }];
  const content = await store.putTree(tree);
  deepStrictEqual(content, {
    form: "tree",
    digest: content.digest,
    sizeBytes: 5,
    count: 1,
  });
  // A store that has not made the tree reads its list.
  const other = new Store(store.root);
  deepStrictEqual(other.readTree(content.digest), tree);
  strictEqual(other.faultOf(content), null);
  damage(store, false);
  deepStrictEqual(other.faultOf(content), {
    health: "damaged",
    digest,
    path: "a/b.txt",
  });
  store.quarantine(content.digest);
  deepStrictEqual(other.faultOf(content), {
    health: "missing",
    digest: content.digest,
    path: null,
  });
});

function record(fingerprint: Fingerprint): ResultRecord {
  return {
    schema: 1,
    fingerprint,
    key: {
      format: 1,
      stage: "s",
      version: 1,
      code: digestOf("code"),
      params: {},
      seed: 0,
      inputs: {},
    },
    modules: {},
    packages: {},
    outputs: {},
    metrics: {},
    shards: [],
    seconds: 1,
    peakMemoryBytes: 1,
  };
}

Deno.test("a result is read as written, and not when it is another's or cut short", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const [one, two] = [digestOf("1"), digestOf("2")] as string[] as [
    Fingerprint,
    Fingerprint,
  ];
  strictEqual(store.readResult(one), null);
  await store.writeResult(record(one));
  deepStrictEqual(store.readResult(one), record(one));
  deepStrictEqual([...store.results()], [one]);

  const pathOf = (of: string) =>
    `${store.root}/results/${of.slice(0, 2)}/${of.slice(2)}.json`;
  store.folder("results", two.slice(0, 2));
  Deno.copyFileSync(pathOf(one), pathOf(two));
  strictEqual(store.readResult(two), null);
  Deno.truncateSync(pathOf(one), 30);
  strictEqual(store.readResult(one), null);
  store.removeResult(one);
  deepStrictEqual([...store.results()], [two]);
});
