import { deepStrictEqual, throws } from "node:assert/strict";
import * as z from "zod";
import { collectionKind, defineStage, jsonKind } from "../../pipeline/mod.ts";
import { splitParams } from "../../pipeline/stage.ts";

const NUMBER = jsonKind("number", z.number());
const TEXTS = collectionKind<string>({
  name: "texts",
  extensions: [".txt"],
  decode: (bytes) => new TextDecoder().decode(bytes),
  encode: (text) => new TextEncoder().encode(text),
});

function define(params: z.ZodObject, name = "make_number"): void {
  defineStage({
    name,
    version: 1,
    module: import.meta.url,
    params,
    inputs: {},
    outputs: { number: NUMBER },
    run: () => ({ number: 1 }),
  });
}

Deno.test("defineStage refuses params that are not strict", () => {
  const reason = "must be a z.strictObject: unknown keys would be dropped";
  const start = 'Cannot define stage "make_number" as';
  throws(
    () => define(z.object({})),
    new TypeError(`${start} its params ${reason}`),
  );
  throws(() => define(z.looseObject({})), TypeError);
  const crf = z.array(z.object({ w: z.number() })).optional();
  throws(
    () => define(z.strictObject({ net: z.strictObject({ crf }) })),
    new TypeError(`${start} its param "net.crf" ${reason}`),
  );
});

Deno.test("defineStage takes strict params of any form", () => {
  const inner = z.strictObject({ from: z.number() });
  define(z.strictObject({
    range: inner.default({ from: 1 }),
    either: z.union([z.int(), inner]).optional(),
    table: z.record(z.string(), z.tuple([inner, z.string()])),
    anything: z.looseObject({ a: z.number() }),
  }));
});

Deno.test("defineStage refuses names that are not snake_case", () => {
  throws(
    () => define(z.strictObject({}), "makeNumber"),
    /names must be snake_case: "makeNumber"/,
  );
});

Deno.test("defineStage refuses keyless params that it does not know", () => {
  throws(
    () =>
      defineStage({
        name: "make_number",
        version: 1,
        module: import.meta.url,
        params: z.strictObject({ readers: z.int(), number: z.number() }),
        // @ts-expect-error: for the compiler it is none of its params
        keyless: ["readers", "reeders"],
        inputs: {},
        outputs: { number: NUMBER },
        run: ({ params }) => ({ number: params.number }),
      }),
    new TypeError(
      'Cannot define stage "make_number" as keyless params must be among ' +
        'its params: "reeders"',
    ),
  );
});

Deno.test("splitParams tells what is in a step's key from what is not", () => {
  const params = { readers: 2, number: 1 };
  deepStrictEqual(splitParams({ keyless: ["readers"] }, params), {
    keyed: { number: 1 },
    keyless: { readers: 2 },
  });
  deepStrictEqual(splitParams({}, params), { keyed: params, keyless: {} });
});

Deno.test("defineStage refuses shards over what has no items", () => {
  const sharded = (outputs: { number: typeof NUMBER }) =>
    defineStage({
      name: "count",
      version: 1,
      module: import.meta.url,
      params: z.strictObject({}),
      inputs: { texts: TEXTS, number: NUMBER },
      outputs,
      shards: { over: "texts", with: ["number"], size: 4 },
      run: () => ({ number: 1 }),
    });
  throws(
    () => sharded({ number: NUMBER }),
    /only collections can be split into shards: "number"/,
  );
  throws(
    () =>
      defineStage({
        name: "count",
        version: 1,
        module: import.meta.url,
        params: z.strictObject({}),
        inputs: { texts: TEXTS },
        outputs: { number: NUMBER },
        shards: { over: "texts", size: 4 },
        run: () => ({ number: 1 }),
      }),
    /each output of a stage with shards must be a collection: "number"/,
  );
});
