import { rejects, strictEqual } from "node:assert/strict";
import type { InferenceSession } from "onnxruntime-node";
import { measureChannelBlock } from "../../../lib/engine/_channel_block.ts";

/** A session that gives so many channels, or fails with an error. */
function sessions(given: number | Error) {
  const made = { released: 0 };
  const session = {
    run: () =>
      given instanceof Error
        ? Promise.reject(given)
        : Promise.resolve({ y: { size: given } }),
    release: () => Promise.resolve(void made.released++),
  } as unknown as InferenceSession;
  return { made, create: () => Promise.resolve(session) };
}

Deno.test("measureChannelBlock counts the channels that four become", async () => {
  for (const [given, block] of [[16, 16], [8, 8], [4, null]] as const) {
    const { made, create } = sessions(given);
    strictEqual(await measureChannelBlock(create), block);
    strictEqual(made.released, 1);
  }
});

Deno.test("measureChannelBlock finds none where the operator is refused", async () => {
  const refuse = () => Promise.reject(new Error("no such operator"));
  strictEqual(await measureChannelBlock(refuse), null);
});

Deno.test("measureChannelBlock passes on what goes wrong after, its session released", async () => {
  const { made, create } = sessions(new Error("out of memory"));
  await rejects(measureChannelBlock(create), { message: "out of memory" });
  strictEqual(made.released, 1);
});
