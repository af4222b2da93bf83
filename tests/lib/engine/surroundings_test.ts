/**
 * Where engines must run: in several workers at once, and with no permission
 * but those that docs/engines.md names.
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { EngineChoice } from "../../../lib/engine/choose_engine.ts";

const PROGRAM = new URL("run_engine.ts", import.meta.url);

/** Runs a choice in a worker of its own. */
async function inWorker(choice: EngineChoice) {
  const worker = new Worker(PROGRAM, { type: "module" });
  try {
    return await new Promise<{ square: number[] }>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage(choice);
    });
  } finally {
    worker.terminate();
  }
}

for (const engine of ["onnxruntime-node", "onnxruntime-web", "tfjs"] as const) {
  Deno.test({
    name: `${engine} runs in three workers at once, and in those after them`,
    // Of threads that the library keeps.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      for (const count of [3, 1]) {
        const choice = { engine, device: "cpu" } as const;
        const results = await Promise.all(
          Array.from({ length: count }, () => inWorker(choice)),
        );
        for (const { square } of results) deepStrictEqual(square, [4, 9]);
      }
    },
  });
}

/** Runs a choice in a process of few permissions. */
async function inProcess(
  { engine, device }: EngineChoice,
  ...permissions: string[]
): Promise<{ why: string; square: number[] }> {
  const args = ["run", "--no-prompt", "--allow-read", "--ignore-env"];
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args, ...permissions, PROGRAM.pathname, engine, device],
    stderr: "piped",
  });
  const { stdout, stderr, success } = await command.output();
  const decoder = new TextDecoder();
  strictEqual(success, true, decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

Deno.test("onnxruntime-node needs --allow-ffi, and nothing beyond reading", async () => {
  const choice = { engine: "onnxruntime-node", device: "cpu" } as const;
  const { square } = await inProcess(choice, "--allow-ffi");
  deepStrictEqual(square, [4, 9]);
});

Deno.test("without --allow-ffi the choice is onnxruntime-web, and says why", async () => {
  const choice = { engine: "auto", device: "cpu" } as const;
  const { why, square } = await inProcess(choice);
  deepStrictEqual(square, [4, 9]);
  match(
    why,
    /^onnxruntime-web on cpu \(WebAssembly\), as device cpu was asked for; onnxruntime-node on cpu did not start: Requires ffi access/,
  );
});

Deno.test("tfjs needs nothing beyond reading", async () => {
  const { square } = await inProcess({ engine: "tfjs", device: "cpu" });
  deepStrictEqual(square, [4, 9]);
});
