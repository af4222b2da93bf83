/** What a package is given beside the project's files. */
import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  denoScript,
  packagedConfig,
  packagePage,
  startScript,
  unpackCommand,
} from "../../../pipeline/cli/package_texts.ts";
import { TemporaryStore } from "../temporary_store.ts";

/** Scripts around a "Deno" that prints what it is given. */
function packageOfScripts(): TemporaryStore {
  const files = new TemporaryStore();
  const programs = {
    "runtime/deno": '#!/bin/sh\necho "$DENO_DIR|$PATH"\n' +
      'for arg in "$@"; do echo "<$arg>"; done\n',
    deno: denoScript("toy"),
    toy: startScript("toy"),
  };
  for (const [name, text] of Object.entries(programs)) {
    Deno.chmodSync(files.write(`a b/${name}`, text), 0o755);
  }
  return files;
}

function linesOf(program: string, env: Record<string, string>): string[] {
  const { success, stdout, stderr } = outputOf(program, env);
  strictEqual(success, true, stderr);
  return stdout.trimEnd().split("\n");
}

function outputOf(program: string, env: Record<string, string>) {
  const { success, stdout, stderr } = new Deno.Command("/bin/sh", {
    args: ["-c", 'umask 000; "$0" run "a  b" "" "$"', program],
    cwd: "/",
    clearEnv: true,
    env,
  }).outputSync();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { success, stdout: out!, stderr: err! };
}

Deno.test("scripts start the packed Deno from anywhere, arguments as they are", () => {
  using files = packageOfScripts();
  const here = `${files.folder}/a b`;
  const own = `${here}/.deno_dir|${here}/runtime:/bin:/usr/bin`;
  const args = ["<run>", "<a  b>", "<>", "<$>"];
  const env = { PATH: "/bin:/usr/bin", DENO_DIR: "/elsewhere" };
  deepStrictEqual(linesOf(`${here}/deno`, env), [own, ...args]);
  deepStrictEqual(linesOf(`${here}/toy`, env), [
    own,
    "<task>",
    "<--quiet>",
    "<--config>",
    `<${here}/deno.json>`,
    "<toy>",
    ...args,
  ]);
});

Deno.test("where the cache cannot be made, it goes among temporary files", () => {
  using files = packageOfScripts();
  const here = `${files.folder}/a b`;
  // A file of that name stops even those who may write everywhere.
  files.write("a b/.deno_dir", "");
  const env = { PATH: "/bin:/usr/bin", TMPDIR: files.folder };
  for (const _ of ["made", "there"]) {
    const [first] = linesOf(`${here}/deno`, env);
    match(first!, new RegExp(`^${files.folder}/toy-deno-[0-9]+\\|`));
    // Whatever the umask, none but its owner may put modules there.
    const cache = Deno.statSync(first!.split("|")[0]!);
    strictEqual(cache.isDirectory, true);
    strictEqual(cache.mode! & 0o777, 0o700);
  }
});

Deno.test("a cache among temporary files that another may have made is refused", () => {
  using files = packageOfScripts();
  const deno = `${files.folder}/a b/deno`;
  files.write("a b/.deno_dir", "");
  const env = { PATH: "/bin:/usr/bin", TMPDIR: files.folder };
  const cache = linesOf(deno, env)[0]!.split("|")[0]!;
  const assertRefused = (what: string) => {
    const { success, stdout, stderr } = outputOf(deno, env);
    deepStrictEqual({ what, success, stdout }, {
      ...{ what, success: false, stdout: "" },
    });
    strictEqual(
      stderr,
      `Cannot run Deno as its cache must be a folder that only you write: ` +
        `${cache} is not; remove it or set TMPDIR\n`,
    );
  };
  // Only the superuser can give a folder away, to see it refused.
  if (Deno.uid() === 0) {
    Deno.chownSync(cache, 12345, null);
    assertRefused("of another user");
  }
  Deno.removeSync(cache);
  Deno.symlinkSync(files.folder, cache);
  assertRefused("a link");
  Deno.removeSync(cache);
  Deno.writeTextFileSync(cache, "");
  assertRefused("a file");
  Deno.removeSync(cache);
  Deno.mkdirSync(cache);
  for (const mode of [0o775, 0o1777, 0o707]) {
    Deno.chmodSync(cache, mode);
    assertRefused(`open to others: ${mode}`);
  }
  // As earlier versions made it.
  Deno.chmodSync(cache, 0o755);
  strictEqual(linesOf(deno, env)[0]!.split("|")[0], cache);
});

Deno.test("the configuration keeps all but where packages lie", () => {
  const config = {
    nodeModulesDir: "none",
    tasks: { toy: "deno run main.ts" },
    imports: { a: "npm:a@1" },
  };
  deepStrictEqual(
    JSON.parse(packagedConfig(JSON.stringify(config), "toy")),
    { ...config, nodeModulesDir: "manual" },
  );
});

Deno.test("a configuration without the program's task is refused", () => {
  throws(() => packagedConfig('{"tasks": {"a": "x", "b": "y"}}', "toy"), {
    message: 'Cannot package "toy" as "deno.json" must have a task of that ' +
      "name to start it by: its tasks are a, b",
  });
  throws(() => packagedConfig("{}", "toy"), /its tasks are none$/);
  throws(
    () => packagedConfig("// comment", "toy"),
    /^SyntaxError: Cannot package a project as its "deno.json" must be JSON: /,
  );
});

Deno.test("the page names what is in the package, and how it unpacks", () => {
  const page = packagePage({
    program: "toy",
    version: "1.2.3",
    system: "linux-x64",
    archive: "toy-1.2.3-linux-x64.tar.gz",
    denoVersion: "9.9.9",
    commit: "0123456789ab+",
  });
  match(page, /^# toy 1\.2\.3, packaged for linux-x64\n/);
  for (
    const part of [
      "Deno 9.9.9",
      "Commit 0123456789ab+",
      "./toy --help",
      unpackCommand("toy-1.2.3-linux-x64.tar.gz", 1),
      unpackCommand("toy-1.2.3-linux-x64.tar.gz", 2),
    ]
  ) {
    strictEqual(page.includes(part), true, part);
  }
});
