import { deepStrictEqual } from "node:assert/strict";
import {
  type Current,
  describeReason,
  describeReasons,
  reasonsBetween,
} from "../../../pipeline/plan/staleness.ts";
import { digestOf } from "../../../pipeline/store/digest.ts";
import {
  type Fingerprint,
  fingerprintOf,
  type ResultRecord,
  type StepKey,
} from "../../../pipeline/store/fingerprint.ts";
import type { Tree } from "../../../pipeline/store/tree.ts";
import { TemporaryStore } from "../temporary_store.ts";

const KEY: StepKey = {
  format: 1,
  stage: "make",
  version: 1,
  code: digestOf("code"),
  params: { a: 1, net: { rate: 0.5, name: "x" } },
  seed: 0,
  inputs: { text: digestOf("text") },
};

function recordOf(key: StepKey, more: Partial<ResultRecord> = {}) {
  const fingerprint: Fingerprint = fingerprintOf(key);
  return {
    schema: 1,
    fingerprint,
    key,
    modules: {},
    packages: {},
    outputs: {},
    metrics: {},
    shards: [],
    seconds: 0,
    peakMemoryBytes: 0,
    ...more,
  } as const;
}

interface Code {
  readonly modules: ResultRecord["modules"];
  readonly packages: ResultRecord["packages"];
}

const NO_CODE: Code = { modules: {}, packages: {} };

/** Reasons, as a plan shows them, for a step that was as `KEY` says. */
function reasons(
  change: Partial<StepKey>,
  code: { last: Code; now: Code } = { last: NO_CODE, now: NO_CODE },
  stage: Current["stage"] = {},
): string[] {
  using temporary = new TemporaryStore();
  const key = { ...KEY, ...change };
  const now = { ...code.now, digest: key.code };
  const current = { stage, key, code: now, trees: new Map() };
  return reasonsBetween(recordOf(KEY, code.last), current, temporary.store)
    .map(describeReason);
}

Deno.test("reasonsBetween names each part of the key that differs", () => {
  deepStrictEqual(reasons({}), []);
  deepStrictEqual(reasons({ format: 2 }), ["the engine's format changed"]);
  deepStrictEqual(reasons({ stage: "build", version: 3, seed: 7 }), [
    "stage make -> build",
    "stage version 1 -> 3",
    "seed 0 -> 7",
  ]);
  deepStrictEqual(reasons({ inputs: { text: digestOf("other") } }), [
    "input text changed",
  ]);
});

Deno.test("reasonsBetween names params down to the deepest that differ", () => {
  const net = { rate: 0.25, name: "x", depth: [1] };
  deepStrictEqual(reasons({ params: { net } }), [
    "param `a` 1 -> none",
    "param `net.depth` none -> [1]",
    "param `net.rate` 0.5 -> 0.25",
  ]);
});

Deno.test("reasonsBetween does not miss a param that has become keyless", () => {
  const { net } = KEY.params;
  const stage = { keyless: ["a"] };
  deepStrictEqual(reasons({ params: { net } }, undefined, stage), []);
});

Deno.test("reasonsBetween names modules and packages", () => {
  const [one, two] = [digestOf("1"), digestOf("2")];
  const last: Code = {
    modules: { "a.ts": one, "b.ts": one, "c.ts": one },
    packages: { zod: "4.0.0", yaml: "2.0.0" },
  };
  const now: Code = {
    modules: { "a.ts": one, "b.ts": two, "d.ts": one },
    packages: { zod: "4.0.1", fflate: "1.0.0" },
  };
  deepStrictEqual(reasons({}, { last, now }), [
    "code of b.ts changed",
    "code of c.ts removed",
    "code of d.ts added",
    "package fflate none -> 1.0.0",
    "package yaml 2.0.0 -> none",
    "package zod 4.0.0 -> 4.0.1",
  ]);
});

Deno.test("reasonsBetween names some items of a folder that differ", async () => {
  using temporary = new TemporaryStore();
  const { store } = temporary;
  const entry = (path: string, text = path) =>
    ({ path, digest: digestOf(text), sizeBytes: 1 }) as const;
  const before: Tree = [entry("a"), entry("b"), entry("c")];
  const after: Tree = [entry("b", "new"), entry("c"), entry("d"), entry("e")];
  const [{ digest: last }, { digest: now }] = [
    await store.putTree(before),
    await store.putTree(after),
  ];
  const key = { ...KEY, inputs: { text: now } };
  const code = { ...NO_CODE, digest: KEY.code };
  const trees = new Map([[now, after]]);
  const old = recordOf({ ...KEY, inputs: { text: last } });
  deepStrictEqual(
    reasonsBetween(old, { stage: {}, key, code, trees }, store)
      .map(describeReason),
    ["input text changed: b, d, e and 1 more"],
  );
});

Deno.test("describeReason has words for all else", () => {
  const texts = [
    { type: "never_run" },
    { type: "forced" },
    { type: "input_pending", input: "x", step: "s", more: 0 },
    { type: "input_pending", input: "x", step: "s[k=1]", more: 4 },
    { type: "output_missing", output: "texts", path: "a.txt" },
    { type: "output_damaged", output: "number", path: null },
  ] as const;
  deepStrictEqual(texts.map(describeReason), [
    "never run",
    "forced",
    "input x may change: s runs first",
    "input x may change: s[k=1] and 4 more run first",
    "output missing: texts/a.txt",
    "output damaged: number",
  ]);
});

Deno.test("describeReasons names inputs together that wait for one step", () => {
  const waiting = (input: string, step: string, more = 0) =>
    ({ type: "input_pending", input, step, more }) as const;
  deepStrictEqual(
    describeReasons([
      waiting("a", "one"),
      waiting("b", "two"),
      { type: "forced" },
      waiting("c", "one"),
      waiting("d", "s[k=1]", 2),
    ]),
    "forced; inputs a, c may change: one runs first; " +
      "input b may change: two runs first; " +
      "input d may change: s[k=1] and 2 more run first",
  );
});

Deno.test("fingerprintOf is the same for equal lists and tells unlike ones apart", () => {
  const list = (...texts: string[]) =>
    texts.map((text) => ({ step: "s", digest: digestOf(text) }));
  const of = (...texts: string[]) =>
    fingerprintOf({ ...KEY, inputs: { numbers: list(...texts) } });
  deepStrictEqual(of("a", "b"), of("a", "b"));
  deepStrictEqual(
    new Set([of("a", "b"), of("b", "a"), of("a"), of()]).size,
    4,
  );
});
