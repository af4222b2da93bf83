import { ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { STEP_MEMORY } from "./step_memory.ts";

Deno.test("training steps leave no memory behind", async () => {
  // In a process of its own, as other tests share this one's memory.
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", fileURLToPath(STEP_MEMORY), "51"],
  }).output();
  ok(success);
  const memoryMib = new TextDecoder().decode(stdout).trim().split("\n")
    .map(Number);
  // A step's gradients alone are 3 MiB: left behind they would be 145.
  const grown = memoryMib[50]! - memoryMib[5]!;
  ok(grown < 24, `${grown} MiB more after step 50 than after step 5`);
});
