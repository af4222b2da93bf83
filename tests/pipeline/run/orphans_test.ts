/** What becomes of jobs whose runners died. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { tryLock } from "../../../pipeline/store/file_lock.ts";
import { digestOf } from "../../../pipeline/store/digest.ts";
import type { Fingerprint } from "../../../pipeline/store/fingerprint.ts";
import { type Exit, readExit, writeExit } from "../../../pipeline/run/job.ts";
import { JobFolders } from "../../../pipeline/run/job_folders.ts";
import { areOutputsWhole, Orphans } from "../../../pipeline/run/orphans.ts";
import { namesIn, type Store } from "../../../pipeline/store/store.ts";
import { TemporaryStore } from "../temporary_store.ts";
import { ScriptedExecutor } from "./scripted_executor.ts";

const [ONE, TWO] = ["1", "2"].map(digestOf) as string[] as [
  Fingerprint,
  Fingerprint,
];

const WELL: Exit & { ok: true } = {
  ok: true,
  outputs: {
    number: { form: "file", digest: digestOf("12\n"), sizeBytes: 3 },
  },
  metrics: {},
  seconds: 1,
  peakMemoryBytes: 1,
};
const BADLY: Exit = { ok: false, reason: "threw", message: "on purpose" };

/** The folder of a job under a runner; its exit may be that of another job. */
function leaveJob(
  store: Store,
  at: string,
  job: Fingerprint,
  end?: { of: Fingerprint; exit: Exit },
): string {
  const folder = store.folder("work", ...at.split("/"));
  Deno.writeTextFileSync(`${store.root}/work/${at.split("/")[0]}/lock`, "");
  Deno.writeTextFileSync(
    `${folder}/job.json`,
    JSON.stringify({ fingerprint: job }),
  );
  Deno.writeTextFileSync(`${folder}/out.number`, "12\n");
  if (end !== undefined) writeExit(folder, end.of, end.exit);
  return folder;
}

function find(store: Store): Promise<Orphans> {
  return Orphans.find(store, new ScriptedExecutor([]));
}

Deno.test("a job that ended well is found by its result, once", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const folder = leaveJob(store, "dead/0", ONE, { of: ONE, exit: WELL });
  using orphans = await find(store);
  strictEqual(orphans.take(TWO), undefined);
  deepStrictEqual(orphans.take(ONE), { folder, fingerprint: ONE });
  strictEqual(orphans.take(ONE), undefined);
});

Deno.test("what a dead runner did not finish is removed, what it did is kept", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  leaveJob(store, "dead/0", ONE);
  leaveJob(store, "dead/1", ONE, { of: ONE, exit: BADLY });
  leaveJob(store, "dead/2", TWO, { of: TWO, exit: WELL });
  leaveJob(store, "gone/0", ONE);
  store.folder("work", "gone", "1"); // not even described
  {
    using _orphans = await find(store);
    deepStrictEqual(namesIn(`${store.root}/work/dead`).sort(), ["2", "lock"]);
  }
  deepStrictEqual(namesIn(`${store.root}/work`), ["dead"]);
});

Deno.test("the end of the job before in the same folder is none", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const folder = leaveJob(store, "dead/0", TWO, { of: ONE, exit: WELL });
  strictEqual(readExit(folder, TWO), null);
  using orphans = await find(store);
  strictEqual(orphans.take(ONE), undefined);
  strictEqual(orphans.take(TWO), undefined);
  deepStrictEqual(namesIn(`${store.root}/work/dead`), ["lock"]);
});

Deno.test("an exit file that was cut short is none", () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const folder = leaveJob(store, "dead/0", ONE, { of: ONE, exit: WELL });
  for (const length of [40, 0]) {
    Deno.truncateSync(`${folder}/exit.json`, length);
    strictEqual(readExit(folder, ONE), null);
  }
});

Deno.test("jobs of runners that live are left alone", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  leaveJob(store, "alive/0", ONE, { of: ONE, exit: WELL });
  using _lock = tryLock(`${store.root}/work/alive/lock`);
  using folders = new JobFolders(store);
  const own = folders.take("pool");
  using orphans = await find(store);
  strictEqual(orphans.take(ONE), undefined);
  strictEqual(Deno.statSync(own).isDirectory, true);
  strictEqual(namesIn(`${store.root}/work`).length, 2);
});

Deno.test("areOutputsWhole compares bytes", () => {
  using temporary = new TemporaryStore();
  const folder = leaveJob(temporary.store, "dead/0", ONE);
  strictEqual(areOutputsWhole(folder, WELL), true);
  Deno.writeTextFileSync(`${folder}/out.number`, "13\n");
  strictEqual(areOutputsWhole(folder, WELL), false);
  Deno.removeSync(`${folder}/out.number`);
  strictEqual(areOutputsWhole(folder, WELL), false);
});

Deno.test("JobFolders makes none until asked, and leaves none behind", () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  {
    using folders = new JobFolders(store);
    deepStrictEqual(namesIn(`${store.root}/work`), []);
    const first = folders.take("pool");
    folders.giveBack(first, "pool");
    strictEqual(folders.take("pool"), first);
    strictEqual(folders.take("process") === first, false);
  }
  deepStrictEqual(namesIn(`${store.root}/work`), []);
});
