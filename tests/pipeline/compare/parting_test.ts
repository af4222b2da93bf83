import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  compareSteps,
  firstParted,
} from "../../../pipeline/compare/parting.ts";
import { describeCauses } from "../../../pipeline/compare/comparison_page.ts";
import { pairSteps } from "../../../pipeline/compare/step_pairs.ts";
import { digestOf } from "../../../pipeline/store/digest.ts";
import type { Stage } from "../../../pipeline/stage.ts";
import { step, type StepText } from "./run_records.ts";

/** A chain of three steps and one beside it. */
function chain(
  change: Record<string, Partial<StepText>> = {},
  [first, second, third] = ["1", "2", "3"],
) {
  const steps: StepText[] = [
    {
      id: "read",
      inputs: { file: ["./mine", "x"] },
      outputs: { out: first! },
    },
    {
      id: "turn",
      params: { by: { angle: 90 } },
      inputs: { in: ["read.out", first!] },
      outputs: { out: second! },
    },
    {
      id: "show",
      inputs: { in: ["turn.out", second!] },
      outputs: { page: third! },
    },
    { id: "other", outputs: { out: "0" } },
  ];
  return steps.map((each) => step({ ...each, ...change[each.id] }));
}

/** State of each step, and why the first one parted. */
function parted(a: ReturnType<typeof chain>, b: typeof a) {
  const steps = compareSteps(pairSteps(a, b), []);
  const first = firstParted(steps);
  return [
    steps.map(({ state }) => state).join(" "),
    first && `${first.step}: ${describeCauses(first)}`,
  ];
}

Deno.test("equal runs part nowhere, whatever their code", () => {
  deepStrictEqual(parted(chain(), chain({ turn: { code: "new" } })), [
    "same same same same",
    null,
  ]);
});

Deno.test("a run parts at the step whose param changed, the next ones follow", () => {
  const b = chain({ turn: { params: { by: { angle: 45 } } } }, ["1", "x", "y"]);
  deepStrictEqual(parted(chain(), b), [
    "same parted followed same",
    "turn: param by.angle 90 -> 45",
  ]);
});

Deno.test("all that changed of the first step is told", () => {
  const b = chain(
    { read: { seed: 3, code: "new", inputs: { file: ["./mine", "y"] } } },
    ["x", "2", "3"],
  );
  const [before, after] = [digestOf("x"), digestOf("y")];
  const [code, changed] = [digestOf("code"), digestOf("new")];
  const short = (digest: string) => digest.slice(0, 12);
  deepStrictEqual(parted(chain(), b), [
    // The next one read other bytes and yet gave the same: early cut-off.
    "parted same same same",
    `read: seed 0 -> 3, code ${short(code)} -> ${short(changed)}, ` +
    `input file ./mine (${short(before)}) -> ./mine (${short(after)})`,
  ]);
});

Deno.test("a step that gives other bytes for no reason of its own is told as that", () => {
  deepStrictEqual(parted(chain(), chain({}, ["1", "x", "y"])), [
    "same parted followed same",
    "turn: its code, params, seed and inputs are the same: it gives other " +
    "bytes on another machine, or from time to time",
  ]);
});

Deno.test("a step that reads from elsewhere parts by that, not by the steps before", () => {
  const b = chain(
    { show: { inputs: { in: ["other.out", "0"] } } },
    ["1", "2", "z"],
  );
  const [, why] = parted(chain(), b);
  const [before, after] = ["2", "0"].map((it) => digestOf(it).slice(0, 12));
  strictEqual(
    why,
    `show: input in turn.out (${before}) -> other.out (${after})`,
  );
});

Deno.test("steps of one run alone, or without a result, are told as such", () => {
  const a = [...chain(), step({ id: "old", outputs: { out: "1" } })];
  const b = [
    ...chain({ other: { outputs: {} } }),
    step({ id: "new", outputs: { out: "1" } }),
    step({ id: "never" }),
  ];
  deepStrictEqual(parted(a, b), [
    "same same same only_a only_a only_b none",
    null,
  ]);
});

Deno.test("keyless params are no cause", () => {
  const [a, b] = [1, 2].map((threads) =>
    step({ id: "s", params: { threads }, outputs: { out: String(threads) } })
  );
  const stage = { name: "s", keyless: ["threads"] } as unknown as Stage;
  const [found] = compareSteps(pairSteps([a!], [b!]), [stage]);
  deepStrictEqual(found!.causes, []);
});

Deno.test("pairSteps sees past an axis on which each run has one value", () => {
  const ids = (of: string[]) => of.map((id) => step({ id }));
  const paired = (a: string[], b: string[]) =>
    pairSteps(ids(a), ids(b)).map((pair) =>
      `${pair.name}: ${pair.a?.id ?? "–"} ${pair.b?.id ?? "–"}`
    );
  deepStrictEqual(
    paired(
      ["t[kind=x,seed=1]", "t[kind=y,seed=1]"],
      ["t[kind=y,seed=2]", "t[kind=x,seed=2]"],
    ),
    [
      "t[kind=x,seed=1]: t[kind=x,seed=1] t[kind=x,seed=2]",
      "t[kind=y,seed=1]: t[kind=y,seed=1] t[kind=y,seed=2]",
    ],
  );
  deepStrictEqual(paired(["t[seed=1]"], ["t[seed=1]", "t[seed=2]"]), [
    "t[seed=1]: t[seed=1] t[seed=1]",
    "t[seed=2]: – t[seed=2]",
  ]);
});
