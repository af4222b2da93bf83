import { deepStrictEqual, ok } from "node:assert/strict";
import {
  compileKernel,
  kernelModule,
} from "../../../../lib/crf/kernel/compile_kernel.ts";

const compiling = compileKernel();

Deno.test("kernel_wasm.ts is what the kernel's sources compile to", async () => {
  const file = new URL(
    "../../../../lib/crf/kernel/kernel_wasm.ts",
    import.meta.url,
  );
  const wasm = await compiling;
  ok(
    kernelModule(wasm) === await Deno.readTextFile(file),
    "run `deno task kernel`",
  );
});

Deno.test("the kernel needs nothing of where it runs", async () => {
  const module = new WebAssembly.Module(await compiling);
  deepStrictEqual(WebAssembly.Module.imports(module), []);
});
