import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { digestOf } from "../../../pipeline/store/digest.ts";
import { compared } from "./compared_runs.ts";
import { record, step, type StepText } from "./run_records.ts";

/** A run of one step with these numbers. */
function run(metrics: Record<string, number>, more: Partial<StepText> = {}) {
  return record([
    step({ id: "fit", outputs: { model: "m" }, metrics, ...more }),
  ]);
}

/** Verdict and what was found, for each check, or why there is none. */
async function judged(
  runs: readonly [ReturnType<typeof run>, ReturnType<typeof run>],
  policy: string,
  isStrict = true,
): Promise<string[]> {
  const found = await compared(runs, policy, { isStrict });
  if (found.verdict === "not_comparable") return [...found.reasons];
  return [
    found.verdict,
    ...found.checks.map(({ rule, subject, passed, message }) =>
      `${passed ? "ok" : "no"} ${rule} ${subject}: ${message}`
    ),
  ];
}

Deno.test("max_drop allows a fall by so many points, and any rise", async () => {
  const a = run({ "x.mean": 0.5, "y.mean": 0.5, "z.mean": 0.5, other: 1 });
  const b = run({ "x.mean": 0.497, "y.mean": 0.49, "z.mean": 0.9, other: 0 });
  deepStrictEqual(await judged([a, b], "max_drop: { mean: 0.3 }"), [
    "regression",
    "ok max_drop x.mean: fell by 0.3 points, 0.3 points allowed: 0.5 -> 0.497",
    "no max_drop y.mean: fell by 1 point, 0.3 points allowed: 0.5 -> 0.49",
    "ok max_drop z.mean: moved the other way: 0.5 -> 0.9",
  ]);
});

Deno.test("max_rise and max_change look the other way and both ways", async () => {
  const policy = "max_rise: { loss: 10% }\nmax_change: { count: 1 unit }";
  const a = run({ loss: 2, count: 10 });
  deepStrictEqual(await judged([a, run({ loss: 2.2, count: 9 })], policy), [
    "within",
    "ok max_rise loss: rose by 10 %, 10 % allowed: 2 -> 2.2",
    "ok max_change count: changed by 1 unit, 1 unit allowed: 10 -> 9",
  ]);
  deepStrictEqual(await judged([a, run({ loss: 2.3, count: 12 })], policy), [
    "regression",
    "no max_rise loss: rose by 15 %, 10 % allowed: 2 -> 2.3",
    "no max_change count: changed by 2 units, 1 unit allowed: 10 -> 12",
  ]);
  deepStrictEqual(
    await judged([run({ loss: 0 }), run({ loss: 1 })], policy, false),
    [
      "regression",
      "no max_rise loss: rose from 0, 10 % allowed: 0 -> 1",
    ],
  );
});

Deno.test("of several patterns the last holds, and ignore takes out", async () => {
  const a = run({ "x.mean": 0.5, "y.mean": 0.5, "z.mean": 0.5 });
  const b = run({ "x.mean": 0.4, "y.mean": 0.4, "z.mean": 0.4 });
  const policy = `
max_drop: { mean: 1, y.mean: 20 }
ignore: ["z.*"]
`;
  deepStrictEqual(await judged([a, b], policy), [
    "regression",
    "no max_drop x.mean: fell by 10 points, 1 point allowed: 0.5 -> 0.4",
    "ok max_drop y.mean: fell by 10 points, 20 points allowed: 0.5 -> 0.4",
  ]);
});

Deno.test("a number that is gone is a regression, a new one is not", async () => {
  const runs = [run({ x: 1, y: 1 }), run({ x: 1, z: 1 })] as const;
  deepStrictEqual(await judged(runs, 'max_drop: { "*": 1 }'), [
    "regression",
    "ok max_drop x: is the same: 1 -> 1",
    "no max_drop y: is missing in B: 1 in A",
  ]);
});

Deno.test("require_equal wants the same bytes of a step or an output", async () => {
  const a = run({ x: 1 }, { outputs: { model: "m", log: "l" } });
  const b = run({ x: 1 }, { outputs: { model: "n", log: "l" } });
  const [before, after] = ["m", "n"].map((it) => digestOf(it).slice(0, 12));
  deepStrictEqual(await judged([a, b], "require_equal: [fit]"), [
    "regression",
    `no require_equal fit.model: must be the same: ${before} -> ${after}`,
    "ok require_equal fit.log: is the same",
  ]);
  deepStrictEqual(await judged([a, b], "require_equal: [fit.log]"), [
    "within",
    "ok require_equal fit.log: is the same",
  ]);
  const without = run({ x: 1 }, { outputs: { log: "l" } });
  deepStrictEqual(await judged([a, without], "require_equal: [model]"), [
    "regression",
    "no require_equal fit.model: is missing in B",
  ]);
});

Deno.test("times count only when the policy asks", async () => {
  const runs = [
    run({ x: 1 }, { seconds: 10 }),
    run({ x: 1 }, { seconds: 16 }),
  ] as const;
  strictEqual((await judged(runs, "max_drop: { x: 0 }"))[0], "within");
  deepStrictEqual(await judged(runs, "max_slowdown: { fit: 50% }"), [
    "regression",
    "no max_slowdown fit: took 16 s after 10 s, 50 % more allowed",
  ]);
  deepStrictEqual(await judged(runs, "max_slowdown: { fit: 6 s }"), [
    "within",
    "ok max_slowdown fit: took 16 s after 10 s, 6 s more allowed",
  ]);
});

Deno.test("numbers of steps with a matrix are paired and named as in A", async () => {
  const of = (seed: number, mean: number) =>
    record([
      step({
        id: `fit[seed=${seed}]`,
        seed,
        outputs: { model: String(seed) },
        metrics: { mean },
      }),
    ]);
  deepStrictEqual(
    await judged([of(1, 0.5), of(2, 0.4)], "max_drop: {mean: 1}"),
    [
      "regression",
      "no max_drop mean[seed=1]: fell by 10 points, 1 point allowed: 0.5 -> 0.4",
    ],
  );
});

Deno.test("rules that mean nothing in the runs are told, each with its place", async () => {
  const runs = [run({ "x.mean": 1 }), run({ "x.mean": 1 })] as const;
  const policy = `max_drop: { maen: 1, mean: 1 }
max_slowdown: { "*fat*": 50% }
require_equal: [fit, fit.modle]
`;
  deepStrictEqual(await judged(runs, policy), [
    `\
p.yaml:1:13 Cannot apply "maen" as it must mean a metric of the runs: did you mean "mean"?
max_drop: { maen: 1, mean: 1 }
            ~~~~
p.yaml:2:17 Cannot apply "*fat*" as it must mean a step of the runs: there is "fit"
max_slowdown: { "*fat*": 50% }
                ~~~~~~~
p.yaml:3:22 Cannot apply "fit.modle" as it must mean a step or an output of the runs: did you mean "fit.model"?
require_equal: [fit, fit.modle]
                     ~~~~~~~~~`,
  ]);
});

Deno.test("runs that have nothing to compare are not comparable, with the reason", async () => {
  const one = run({ x: 1 });
  const judge = (a: typeof one, b: typeof one) =>
    judged([a, b], "max_drop: { x: 1 }", false);
  deepStrictEqual(
    await judge({ ...one, outcome: "failed" }, { ...one, outcome: "stopped" }),
    [
      'Cannot compare "before" as it must be a run that succeeded: it failed',
      'Cannot compare "after" as it must be a run that succeeded: ' +
      "it was stopped",
    ],
  );
  deepStrictEqual(await judge(one, { ...one, workflow: "v" }), [
    'Cannot compare "before" and "after" as both must be runs of one ' +
    'workflow: they are of "w" and "v"',
  ]);
  deepStrictEqual(await judge(one, run({ y: 1 })), [
    "Cannot compare the runs as they must have a metric in common: " +
    "they have none",
  ]);
  const y = run({ y: 1 });
  deepStrictEqual(await judge(y, y), [
    'Cannot judge the runs as policy "p.yaml" must ask for something that ' +
    "they have: it does not",
  ]);
});

Deno.test("params, seeds, code and versions that differ are told, shared ones once", async () => {
  const of = (rate: number, deno: string) =>
    record(
      ["a", "b"].map((kind) =>
        step({
          id: `fit[kind=${kind}]`,
          params: { by: { rate } },
          seed: rate,
          metrics: { [kind]: 1 },
        })
      ),
      { params: { rates: [rate] }, versions: { deno } },
    );
  const found = await compared(
    [of(1, "2.9"), of(2, "3.0")],
    "max_drop: {a: 1}",
  );
  ok(found.verdict === "within");
  deepStrictEqual(found.params, [{ path: "rates.0", a: 1, b: 2 }]);
  const both = { step: "fit[kind=a]", steps: 2, a: 1, b: 2 };
  deepStrictEqual(found.stepParams, [{ ...both, path: "by.rate" }]);
  deepStrictEqual(found.seeds, [{ ...both, path: "" }]);
  deepStrictEqual(found.versions, [{ name: "deno", a: "2.9", b: "3.0" }]);
});
