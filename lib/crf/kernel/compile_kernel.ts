import asc from "npm:assemblyscript@0.28.20/asc";
const dir = new URL("./_assembly/", import.meta.url);
const files = new Map<string, Uint8Array>();
let text = "";
const { error, stderr } = await asc.main(["kernel.ts","-o","kernel.wasm","-O3","--converge","--noAssert","--memoryBase","16384","--enable","simd","--runtime","stub", ...(Deno.args.includes("--wat")?["-t","kernel.wat"]:[])],{
  readFile(n: string){ try { return Deno.readTextFileSync(new URL(n.replace(/\.ts\.ts$/, ".ts"), dir)); } catch { return null; } },
  writeFile(n: string,c: Uint8Array|string){ if(typeof c==="string") Deno.writeTextFileSync("/tmp/kernel.wat",c); else files.set(n,c); },
  listFiles(){return []},
});
if (error) { console.log(stderr.toString()); throw error; }
text = stderr.toString(); if (text) console.log(text);
const bytes = files.get("kernel.wasm")!;
console.log(bytes.length, "bytes");
let bin=""; for (const b of bytes) bin += String.fromCharCode(b);
Deno.writeTextFileSync(new URL("kernel_wasm.ts", import.meta.url), `export const KERNEL_WASM =\n  "${btoa(bin)}";\n`);
