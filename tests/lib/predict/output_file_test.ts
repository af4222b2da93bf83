import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  assertOutputs,
  type NamedPath,
  writeOutputs,
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

/** Writes one file. */
async function write(path: string): Promise<void> {
  await writeOutputs([{ path, bytes: BYTES }]);
}

/** Paths as options "--a", "--b". */
function named(...paths: readonly string[]): NamedPath[] {
  return paths.map((path, i) => ({ name: `--${"ab"[i]}`, path }));
}

/** Code from `module`, run as a program of its own that may write a folder. */
function spawn(code: string, folder: string): Deno.ChildProcess {
  const module = new URL(
    "../../../lib/predict/output_file.ts",
    import.meta.url,
  );
  const main = `${folder}/main.ts`;
  Deno.writeTextFileSync(
    main,
    `import { assertOutputs, writeOutputs } from "${module}";\n${code}`,
  );
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", "--allow-write", main],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("assertOutputs says where no file can come to be", () => {
  using folder = outputFolder();
  const { path } = folder;
  assertOutputs(named(`${path}/new`, `${path}/old`));
  Deno.symlinkSync(`none/q`, `${path}/link`);
  const refusals = [
    [
      `${path}/none/q`,
      `its folder "${path}/none" must exist: nothing is there`,
    ],
    [`${path}/old/q`, `its folder "${path}/old" must exist: it is a file`],
    [`${path}/folder`, "it must be a file: it is a folder"],
    [`${path}/new/`, "it must be a file: it ends as a folder does"],
    [`${path}/old/`, "it must be a file: it ends as a folder does"],
  ] as const;
  for (const [wrong, rest] of refusals) {
    throws(() => assertOutputs(named(wrong)), {
      name: "RangeError",
      message: `Cannot write "${wrong}" as ${rest}`,
    });
  }
  throws(
    () => assertOutputs(named(`${path}/link`)),
    /as its folder ".*none" must exist: nothing is there$/,
  );
  deepStrictEqual(folder.names(), ["folder", "link", "old"]);
});

Deno.test("assertOutputs refuses a file that is write-protected", () => {
  using folder = outputFolder();
  const { path } = folder;
  Deno.chmodSync(`${path}/old`, 0o444);
  Deno.symlinkSync("old", `${path}/link`);
  for (const name of ["old", "link"]) {
    throws(() => assertOutputs(named(`${path}/new`, `${path}/${name}`)), {
      name: "RangeError",
      message: `Cannot write "${path}/${name}" as the file must be writable: ` +
        "it is write-protected",
    });
  }
  strictEqual(Deno.readTextFileSync(`${path}/old`), "old");
});

Deno.test("assertOutputs says from where a folder was looked for", () => {
  throws(() => assertOutputs(named("none/q")), {
    message: 'Cannot write "none/q" as its folder "none" must exist: ' +
      `nothing is there, seen from "${Deno.cwd()}"`,
  });
});

Deno.test("assertOutputs finds two names of one output", () => {
  using folder = outputFolder();
  const { path } = folder;
  Deno.symlinkSync("folder", `${path}/link`);
  Deno.symlinkSync("new", `${path}/to_new`);
  Deno.linkSync(`${path}/old`, `${path}/hard`);
  const pairs = [
    ["q", "q"],
    ["q", "./q"],
    ["q", "folder/../q"],
    ["folder/q", "link/q"],
    ["new", "to_new"],
    ["to_new", "new"],
    ["old", "hard"],
  ];
  for (const [a, b] of pairs) {
    throws(() => assertOutputs(named(`${path}/${a}`, `${path}/${b}`)), {
      name: "RangeError",
      message: `Cannot write --b "${path}/${b}" as it must be a file of its ` +
        `own: --a "${path}/${a}" is the same`,
    });
  }
  assertOutputs(named(`${path}/folder/q`, `${path}/q`));
});

Deno.test("assertOutputs leaves inputs alone, whatever they are called by", () => {
  using folder = outputFolder();
  const { path } = folder;
  Deno.symlinkSync("old", `${path}/link`);
  const inputs = [
    { name: "--none", path: `${path}/none` },
    { name: "--in", path: `${path}/old` },
  ];
  for (const name of ["old", "link", "folder/../old"]) {
    throws(() => assertOutputs(named(`${path}/${name}`), inputs), {
      name: "RangeError",
      message: `Cannot write --a "${path}/${name}" as it must be a file of ` +
        `its own: --in "${path}/old" is the same`,
    });
  }
  assertOutputs(named(`${path}/none`), inputs);
});

Deno.test("writeOutputs writes new files and replaces old ones", async () => {
  using folder = outputFolder();
  for (const name of ["new", "old"]) {
    await write(`${folder.path}/${name}`);
    deepStrictEqual(Deno.readFileSync(`${folder.path}/${name}`), BYTES);
  }
  deepStrictEqual(folder.names(), ["folder", "new", "old"]);
});

Deno.test("writeOutputs never changes a file that is being read", async () => {
  using folder = outputFolder();
  using reader = Deno.openSync(`${folder.path}/old`);
  await write(`${folder.path}/old`);
  const read = new Uint8Array(9);
  deepStrictEqual(reader.readSync(read), 3);
  deepStrictEqual(new TextDecoder().decode(read.subarray(0, 3)), "old");
});

Deno.test("writeOutputs keeps a link and replaces what it points to", async () => {
  using folder = outputFolder();
  const { path } = folder;
  Deno.symlinkSync(`${path}/old`, `${path}/link`);
  await write(`${path}/link`);
  deepStrictEqual(Deno.lstatSync(`${path}/link`).isSymlink, true);
  deepStrictEqual(Deno.readFileSync(`${path}/old`), BYTES);
});

Deno.test("writeOutputs writes to where a link points, though nothing is there", async () => {
  using folder = outputFolder();
  const { path } = folder;
  Deno.symlinkSync("folder/q", `${path}/link`);
  await write(`${path}/link`);
  strictEqual(Deno.lstatSync(`${path}/link`).isSymlink, true);
  deepStrictEqual(Deno.readFileSync(`${path}/folder/q`), BYTES);
});

Deno.test("writeOutputs leaves all as it was when one cannot be written", async () => {
  using folder = outputFolder();
  const { path } = folder;
  const outputs = [`${path}/old`, `${path}/none/q`]
    .map((path) => ({ path, bytes: BYTES }));
  Deno.mkdirSync(`${path}/none`);
  const writing = writeOutputs(outputs);
  Deno.removeSync(`${path}/none`);
  await rejects(writing, {
    message: `Cannot write "${path}/none/q" as the system must allow it: No ` +
      "such file or directory",
  });
  deepStrictEqual(folder.names(), ["folder", "old"]);
  strictEqual(Deno.readTextFileSync(`${path}/old`), "old");
});

Deno.test("outputs may go to a device, which stays one", async () => {
  assertOutputs(named("/dev/null", "/dev/null"));
  await write("/dev/null");
  strictEqual(Deno.statSync("/dev/null").isCharDevice, true);
});

Deno.test("assertOutputs says which right Deno must be given", async () => {
  using folder = outputFolder();
  const code = 'assertOutputs([{ name: "--a", path: "/dev/full" }]);';
  const { stderr } = await spawn(code, folder.path).output();
  match(
    new TextDecoder().decode(stderr),
    /: Cannot write "\/dev\/full" as Deno must be started with --allow-all for it: it was not\n/,
  );
});

Deno.test("a signal removes what lies aside, and ends the program", async () => {
  using folder = outputFolder();
  const { path } = folder;
  await new Deno.Command("mkfifo", { args: [`${path}/pipe`] }).output();
  // The pipe has no reader, so that the first file waits for it.
  const code = "const bytes = new Uint8Array(9);\n" +
    'await writeOutputs([{ path: "q", bytes }, { path: "pipe", bytes }]);';
  const program = spawn(code, path);
  while (!folder.names().some((name) => /^q\..*\.tmp$/.test(name))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  program.kill("SIGTERM");
  strictEqual((await program.output()).code, 143);
  deepStrictEqual(folder.names(), ["folder", "main.ts", "old", "pipe"]);
});
