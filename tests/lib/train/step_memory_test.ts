import { ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { STEP_MEMORY } from "./step_memory.ts";

/** MiB after each step, of a process of its own: tests share this one's. */
async function memoryMib(...args: string[]): Promise<number[]> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", fileURLToPath(STEP_MEMORY), ...args],
  }).output();
  ok(success);
  return new TextDecoder().decode(stdout).trim().split("\n").map(Number);
}

Deno.test("training steps leave no memory behind", async () => {
  const mib = await memoryMib("51");
  // A step's gradients alone are 3 MiB: left behind they would be 145.
  const grown = mib[50]! - mib[5]!;
  ok(grown < 24, `${grown} MiB more after step 50 than after step 5`);
});

Deno.test("nor do trainings one after the other in one process", async () => {
  const mib = await memoryMib("1", "8");
  // A program that is not freed keeps some 50 MiB: six of them, 300.
  const grown = mib[7]! - mib[1]!;
  ok(grown < 60, `${grown} MiB more after the eighth than after the second`);
});
