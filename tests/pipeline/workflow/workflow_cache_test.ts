import { deepStrictEqual, ok, strictEqual } from "node:assert";
import * as z from "zod";
import { digestOf } from "../../../pipeline/store/digest.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { loadWorkflow } from "../../../pipeline/workflow/load_workflow.ts";
import {
  WORKFLOW_FORMAT,
  WorkflowCache,
} from "../../../pipeline/workflow/workflow_cache.ts";
import { WorkflowFile } from "../../../pipeline/workflow/workflow_form.ts";
import { FAKE_STAGES } from "./fake_stages.ts";
import { formatDiagnostics } from "../../../pipeline/workflow/diagnostic.ts";

const TEXT = "workflow: w\nsteps: { one: { stage: make_number, " +
  "params: { value: 1.5 } } }\n";
const FILE: WorkflowFile = {
  workflow: "w",
  steps: { one: { stage: "make_number", params: { value: 1.5 } } },
};

/** A store in a folder that is removed afterwards. */
async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await use(new Store(folder));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function load(text: string, cache: WorkflowCache) {
  return loadWorkflow(text, { file: "w.yaml", stages: FAKE_STAGES, cache });
}

function cacheFile(store: Store): string {
  return `${store.root}/workflows/${digestOf(TEXT)}.json`;
}

Deno.test("a workflow read before is the same from the cache", () =>
  withStore(async (store) => {
    const cache = new WorkflowCache(store);
    strictEqual(cache.recall(TEXT), null);
    const first = await load(TEXT, cache);
    deepStrictEqual(cache.recall(TEXT), FILE);
    deepStrictEqual(await load(TEXT, cache), first);
    deepStrictEqual(
      await loadWorkflow(TEXT, {
        file: "w.yaml",
        stages: FAKE_STAGES,
      }),
      first,
    );
  }));

Deno.test("what is in the cache is what counts, for its text only", () =>
  withStore(async (store) => {
    const cache = new WorkflowCache(store);
    cache.remember(TEXT, { ...FILE, workflow: "other" });
    const loaded = await load(TEXT, cache);
    strictEqual(loaded.ok && loaded.workflow.name, "other");
    const changed = await load(TEXT + "# changed\n", cache);
    strictEqual(changed.ok && changed.workflow.name, "w");
  }));

Deno.test("a cached workflow that was cut short or is of another engine is read again", () =>
  withStore(async (store) => {
    const cache = new WorkflowCache(store);
    await load(TEXT, cache);
    const whole = Deno.readTextFileSync(cacheFile(store));
    const other = JSON.stringify({ format: WORKFLOW_FORMAT + 1, workflow: {} });
    for (const bad of ["", whole.slice(0, 20), "null", other]) {
      Deno.writeTextFileSync(cacheFile(store), bad);
      strictEqual(cache.recall(TEXT), null, bad);
      ok((await load(TEXT, cache)).ok);
      strictEqual(Deno.readTextFileSync(cacheFile(store)), whole);
    }
  }));

Deno.test("mistakes in a cached workflow are shown where they are", () =>
  withStore(async (store) => {
    const cache = new WorkflowCache(store);
    const text = "workflow: w\nsteps: { one: { stage: make_numbr } }\n";
    for (let i = 0; i < 2; i++) {
      const loaded = await load(text, cache);
      ok(!loaded.ok);
      strictEqual(
        formatDiagnostics(loaded.diagnostics),
        'w.yaml:2:24 Cannot run step "one" as stage "make_numbr" must exist: ' +
          'did you mean "make_number"?\n' +
          "steps: { one: { stage: make_numbr } }\n" +
          "                       ~~~~~~~~~~",
      );
    }
  }));

Deno.test("a text of the wrong form is not remembered", () =>
  withStore(async (store) => {
    const cache = new WorkflowCache(store);
    ok(!(await load("workflow: 1\n", cache)).ok);
    strictEqual(cache.recall("workflow: 1\n"), null);
  }));

Deno.test("WORKFLOW_FORMAT is that of the form of workflow files", () => {
  const form = JSON.stringify(
    z.toJSONSchema(WorkflowFile, { io: "input" }),
    (key, value) => key === "description" ? undefined : value,
  );
  // Changed? Raise WORKFLOW_FORMAT, then write both down here.
  deepStrictEqual([WORKFLOW_FORMAT, digestOf(form).slice(0, 12)], [
    3,
    "78dd58711f6a",
  ]);
});
