import { deepStrictEqual, rejects, throws } from "node:assert/strict";
import {
  assertOutputs,
  writeOutput,
} from "../../../lib/predict/output_file.ts";

/** A temporary folder with a file and a folder; disposing removes it. */
function outputFolder(): Disposable & { path: string; names(): string[] } {
  const path = Deno.makeTempDirSync({ prefix: "output_file_" });
  Deno.writeTextFileSync(`${path}/old`, "old");
  Deno.mkdirSync(`${path}/folder`);
  return {
    path,
    names: () => [...Deno.readDirSync(path)].map(({ name }) => name).sort(),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

const BYTES = new TextEncoder().encode("new");

Deno.test("assertOutputs says where no file can come to be", () => {
  using folder = outputFolder();
  const { path } = folder;
  assertOutputs([`${path}/new`, `${path}/old`]);
  const refusals = [
    [
      [`${path}/none/q`],
      `"${path}/none/q" as its folder "${path}/none" must exist: nothing is ` +
      "there",
    ],
    [
      [`${path}/old/q`],
      `"${path}/old/q" as its folder "${path}/old" must exist: it is a file`,
    ],
    [
      [`${path}/folder`],
      `"${path}/folder" as it must be a file: it is a folder`,
    ],
    [
      [`${path}/q`, `${path}/q`],
      `"${path}/q" as each output must have a file of its own: it is named ` +
      "twice",
    ],
  ] as const;
  for (const [paths, message] of refusals) {
    throws(() => assertOutputs(paths), {
      name: "RangeError",
      message: `Cannot write ${message}`,
    });
  }
  deepStrictEqual(folder.names(), ["folder", "old"]);
});

Deno.test("writeOutput writes new files and replaces old ones", async () => {
  using folder = outputFolder();
  for (const name of ["new", "old"]) {
    await writeOutput(`${folder.path}/${name}`, BYTES);
    deepStrictEqual(Deno.readFileSync(`${folder.path}/${name}`), BYTES);
  }
  deepStrictEqual(folder.names(), ["folder", "new", "old"]);
});

Deno.test("writeOutput never changes a file that is being read", async () => {
  using folder = outputFolder();
  using reader = Deno.openSync(`${folder.path}/old`);
  await writeOutput(`${folder.path}/old`, BYTES);
  const read = new Uint8Array(9);
  deepStrictEqual(reader.readSync(read), 3);
  deepStrictEqual(new TextDecoder().decode(read.subarray(0, 3)), "old");
});

Deno.test("writeOutput keeps a link and replaces what it points to", async () => {
  using folder = outputFolder();
  const { path } = folder;
  Deno.symlinkSync(`${path}/old`, `${path}/link`);
  await writeOutput(`${path}/link`, BYTES);
  deepStrictEqual(Deno.lstatSync(`${path}/link`).isSymlink, true);
  deepStrictEqual(Deno.readFileSync(`${path}/old`), BYTES);
});

Deno.test("writeOutput leaves nothing behind when it fails", async () => {
  using folder = outputFolder();
  await rejects(writeOutput(`${folder.path}/folder`, BYTES));
  await rejects(writeOutput(`${folder.path}/none/q`, BYTES));
  deepStrictEqual(folder.names(), ["folder", "old"]);
  deepStrictEqual([...Deno.readDirSync(`${folder.path}/folder`)], []);
});

Deno.test("outputs may go to a device, which stays one", async () => {
  assertOutputs(["/dev/null", "/dev/null"]);
  await writeOutput("/dev/null", BYTES);
  deepStrictEqual(Deno.statSync("/dev/null").isCharDevice, true);
});
