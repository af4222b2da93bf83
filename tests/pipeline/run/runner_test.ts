/** The runner itself, in this process, with many steps. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { CodeVersions } from "../../../pipeline/plan/code_version.ts";
import { Inputs } from "../../../pipeline/plan/inputs.ts";
import { Planner, planWorkflow } from "../../../pipeline/plan/plan.ts";
import { Sources } from "../../../pipeline/plan/sources.ts";
import { ReadySteps } from "../../../pipeline/run/ready_steps.ts";
import { ResourcePool } from "../../../pipeline/run/resource_pool.ts";
import { RunFolder } from "../../../pipeline/run/run_folder.ts";
import { runWorkflow } from "../../../pipeline/run/runner.ts";
import { resolveWorkflow } from "../../../pipeline/workflow/resolve.ts";
import type {
  Step,
  Workflow,
  WorkflowFile,
} from "../../../pipeline/workflow/workflow.ts";
import { FAKE_STAGES } from "../workflow/fake_stages.ts";
import { TemporaryStore } from "../temporary_store.ts";
import { ScriptedExecutor } from "./scripted_executor.ts";

const PROJECT = new URL("../../..", import.meta.url).pathname.replace(
  /\/$/,
  "",
);

/** Everything to run one workflow again and again. */
class Bench implements Disposable {
  readonly #temporary = new TemporaryStore();
  readonly store = this.#temporary.store;
  readonly #run = new RunFolder(`${this.#temporary.folder}/run`, this.store);
  readonly #codes = new CodeVersions(this.store, PROJECT);

  constructor(readonly workflow: Workflow) {
    this.#run.make();
  }

  planner(): Planner {
    const { store, workflow } = this;
    const inputs = new Inputs(store, new Sources(workflow, store));
    const forced = new Set<string>();
    return new Planner({
      store,
      run: this.#run,
      codes: this.#codes,
      inputs,
      forced,
    });
  }

  /** Runs the workflow; gives its result and the names of the jobs it ran. */
  async go(cpus = 2) {
    const executor = new ScriptedExecutor(FAKE_STAGES);
    const result = await runWorkflow(this.workflow, {
      store: this.store,
      run: this.#run,
      makePlanner: () => this.planner(),
      executor,
      pool: new ResourcePool({ cpus, memoryBytes: 1, gpu: 0 }),
      keepGoing: false,
      forced: new Set(),
      selected: null,
      stop: new AbortController().signal,
      kill: new AbortController().signal,
      emit: () => {},
    });
    return { result, ran: executor.ran, attached: executor.attached };
  }

  [Symbol.dispose](): void {
    this.#temporary[Symbol.dispose]();
  }
}

async function resolved(written: WorkflowFile): Promise<Workflow> {
  const result = await resolveWorkflow(written, {
    file: "w.yaml",
    stages: FAKE_STAGES,
  });
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.workflow;
}

/** Step i needs two of the steps before it, which may be the same. */
type Needs = (readonly [left: number, right: number] | null)[];

function workflowOf(needs: Needs): Promise<Workflow> {
  const steps: WorkflowFile["steps"] = {};
  // Last step first: the order must not come from the file.
  for (const [i, need] of [...needs.entries()].reverse()) {
    steps[`s${i}`] = need === null
      ? { stage: "make_number", params: { value: i } }
      : {
        stage: "add_numbers",
        params: { offset: i },
        inputs: { left: `s${need[0]}.number`, right: `s${need[1]}.number` },
      };
  }
  return resolved({ workflow: "w", steps });
}

const graphs = fc.array(fc.option(fc.tuple(fc.nat(), fc.nat())), {
  minLength: 1,
  maxLength: 25,
}).map((rows) =>
  rows.map((row, i) =>
    i === 0 || row === null ? null : [row[0] % i, row[1] % i] as const
  )
);

Deno.test("a run runs each step of any graph once, after all it needs", async () => {
  const cpus = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(graphs, cpus, async (needs, cpus) => {
      using bench = new Bench(await workflowOf(needs));
      const { result, ran } = await bench.go(cpus);
      strictEqual(result.outcome, "succeeded");
      deepStrictEqual(ran.toSorted(), needs.map((_, i) => `s${i}`).sort());
      for (const [i, need] of needs.entries()) {
        for (const other of need ?? []) {
          ok(ran.indexOf(`s${other}`) < ran.indexOf(`s${i}`));
        }
      }
      const again = await bench.go(cpus);
      deepStrictEqual(again.ran, []);
      strictEqual(again.result.counts.fresh, needs.length);
    }),
    { numRuns: Number(Deno.env.get("RUNNER_RUNS") ?? 30) },
  );
});

Deno.test("the numbers of a run are those of the graph", async () => {
  const needs: Needs = [null, null, [0, 1], [2, 2], [3, 0]];
  using bench = new Bench(await workflowOf(needs));
  const { result } = await bench.go();
  const { outputs } = result.steps.get("s4")!;
  const bytes = bench.store.read(outputs.number!.digest);
  // ((0 + 1 + 2) + (0 + 1 + 2) + 3) + 0 + 4
  strictEqual(new TextDecoder().decode(bytes), "13\n");
});

Deno.test("a chain of 10,000 steps is planned", async () => {
  const needs: Needs = Array.from(
    { length: 10_000 },
    (_, i) => i === 0 ? null : [i - 1, i - 1],
  );
  using bench = new Bench(await workflowOf(needs));
  const plan = planWorkflow(bench.workflow, bench.planner());
  const actions = Map.groupBy(plan, ({ decision }) => decision.action);
  strictEqual(actions.get("run")?.length, 1);
  strictEqual(actions.get("wait")?.length, 9999);
});

/** A matrix of steps, and another of which each gathers all of the first. */
function gather(count: number): Promise<Workflow> {
  const axis = Array.from({ length: count }, (_, i) => i);
  return resolved({
    workflow: "w",
    steps: {
      a: {
        stage: "make_number",
        params: { value: "${matrix.k}" },
        matrix: { k: axis },
      },
      b: {
        stage: "sum_numbers",
        inputs: { numbers: "a.number" },
        matrix: { l: axis },
      },
      c: {
        stage: "add_numbers",
        matrix: { l: axis },
        inputs: { left: "b.number" },
      },
    },
  });
}

Deno.test("ReadySteps lets steps that gather a list wait for all of it", async () => {
  const { steps } = await gather(3);
  const ids = (some: Iterable<Step>) => [...some].map(({ id }) => id);
  const order = new ReadySteps(steps);
  const [a0, a1, a2, b0] = steps as [Step, Step, Step, Step];
  deepStrictEqual(ids(order.first), ["a[k=0]", "a[k=1]", "a[k=2]"]);
  deepStrictEqual(ids(order.settled(a1)), []);
  deepStrictEqual(ids(order.settled(a0)), []);
  deepStrictEqual(ids(order.settled(a2)), ["b[l=0]", "b[l=1]", "b[l=2]"]);
  deepStrictEqual(ids(order.settled(b0)), ["c[l=0]"]);
  strictEqual(ids(order.after(a0)).length, 6);
  deepStrictEqual(ids(order.after(b0)), ["c[l=0]"]);
});

Deno.test("ReadySteps takes a list that many steps share for one gate", async () => {
  const { steps } = await gather(5000); // 25 million pairs
  const order = new ReadySteps(steps);
  let ready = 0;
  for (const step of order.first) ready += order.settled(step).length;
  strictEqual(ready, 5000);
});

Deno.test("a run gathers lists and goes on after them", async () => {
  using bench = new Bench(await gather(4));
  const { result, ran } = await bench.go();
  // Equal steps are run once, and the others given the same result.
  const { run, restored } = result.counts;
  strictEqual(run + restored, 12);
  strictEqual(ran.findIndex((name) => name.startsWith("b")), 4);
  const { outputs } = result.steps.get("c[l=3]")!;
  const bytes = bench.store.read(outputs.number!.digest);
  strictEqual(new TextDecoder().decode(bytes), "6\n"); // 0 + 1 + 2 + 3
});
