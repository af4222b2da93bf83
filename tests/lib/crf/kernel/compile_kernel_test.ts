import { deepStrictEqual, ok } from "node:assert/strict";
import {
  compileKernel,
  kernelModule,
} from "../../../../lib/crf/kernel/compile_kernel.ts";

import config from "../../../../deno.json" with { type: "json" };

// A package for machines without network has no compiler.
const ignore = config.nodeModulesDir !== "none";
const compiling = ignore ? new Uint8Array() : compileKernel();

Deno.test({
  ignore,
  name: "kernel_wasm.ts is what the kernel's sources compile to",
  fn: async () => {
    const file = new URL(
      "../../../../lib/crf/kernel/kernel_wasm.ts",
      import.meta.url,
    );
    const wasm = await compiling;
    ok(
      kernelModule(wasm) === await Deno.readTextFile(file),
      "run `deno task kernel`",
    );
  },
});

Deno.test({
  ignore,
  name: "the kernel needs nothing of where it runs",
  fn: async () => {
    const module = new WebAssembly.Module(await compiling);
    deepStrictEqual(WebAssembly.Module.imports(module), []);
  },
});
