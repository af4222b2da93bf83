/**
 * Compiles the kernel of the dense CRF; writes `kernel_wasm.ts` when run:
 *
 *   deno task kernel
 *
 * @module
 */

const SOURCES = new URL("./assembly/", import.meta.url);

const FLAGS = [
  "-O3",
  "--converge",
  "--noAssert",
  "--runtime",
  "stub",
  // Below lie the fixed places of addresses.ts.
  "--memoryBase",
  "16384",
  "--enable",
  "simd",
];

/**
 * The kernel as a WebAssembly module, from the sources in `assembly/`.
 *
 * @param source Of which the exports are those of the module; `kernel.ts` has
 *   all that the CRF calls.
 * @throws {SyntaxError} With the compiler's report.
 *
 * @example
 * ```ts
 * import { compileKernel } from "./compile_kernel.ts";
 * import { ok } from "node:assert";
 *
 * ok(WebAssembly.validate(await compileKernel()));
 * ```
 */
export async function compileKernel(
  source = "kernel.ts",
): Promise<Uint8Array<ArrayBuffer>> {
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  // Not above: packages for machines without network leave the compiler out.
  const { default: asc } = await import("assemblyscript/asc");
  const { error, stderr } = await asc.main(
    [source, "-o", "kernel.wasm", ...FLAGS],
    {
      readFile: readSource,
      writeFile(_name, content) {
        if (typeof content !== "string") wasm = Uint8Array.from(content);
      },
      listFiles: () => [],
    },
  );
  if (error || !wasm) {
    throw new SyntaxError(
      `Cannot compile the kernel as its sources must be right: ${stderr}`,
    );
  }
  return wasm;
}

/** The compiler adds .ts to names that have it, and looks for its options. */
function readSource(name: string): string | null {
  const file = name.replace(/\.ts\.ts$/, ".ts");
  try {
    return Deno.readTextFileSync(new URL(file, SOURCES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * The module that holds the kernel.
 *
 * @example
 * ```ts
 * import { kernelModule } from "./compile_kernel.ts";
 * import { ok } from "node:assert";
 *
 * ok(kernelModule(Uint8Array.of(0, 97)).endsWith('"AGE=";\n'));
 * ```
 */
export function kernelModule(wasm: Uint8Array): string {
  const base64 = btoa(Array.from(wasm, (b) => String.fromCharCode(b)).join(""));
  return "// Compiled from assembly/ by compile_kernel.ts: `deno task kernel`.\n" +
    "// deno-fmt-ignore-file\n" +
    "/** The WebAssembly module of the dense CRF, base64. */\n" +
    `export const KERNEL_WASM =\n  "${base64}";\n`;
}

if (import.meta.main) {
  const file = new URL("./kernel_wasm.ts", import.meta.url);
  await Deno.writeTextFile(file, kernelModule(await compileKernel()));
}
