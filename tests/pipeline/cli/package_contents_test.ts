/** What goes into a package, and what stays out. */
import { deepStrictEqual, throws } from "node:assert/strict";
import {
  installPackages,
  packageContents,
} from "../../../pipeline/cli/package_contents.ts";
import { TemporaryStore } from "../temporary_store.ts";

/** A project with one package, as Deno installs it. */
function projectWithPackage(): TemporaryStore {
  const files = new TemporaryStore();
  for (
    const path of [
      "project/main.ts",
      "project/secret/key",
      "installed/node_modules/.deno/.deno.lock",
      "installed/node_modules/.deno/toy@1.0.0/node_modules/toy/.scripts-warned-1",
      "installed/node_modules/.deno/toy@1.0.0/node_modules/toy/index.js",
      "installed/node_modules/.deno/toy@1.0.0/node_modules/toy/index.js.map",
      "deno",
    ]
  ) files.write(path, "");
  Deno.symlinkSync(
    ".deno/toy@1.0.0/node_modules/toy",
    `${files.folder}/installed/node_modules/toy`,
  );
  return files;
}

function contentsOf({ folder }: TemporaryStore, exclude: string[] = []) {
  return packageContents({
    project: `${folder}/project`,
    paths: ["main.ts", "secret/key"],
    installed: `${folder}/installed`,
    deno: `${folder}/deno`,
    exclude,
  });
}

Deno.test("the project's files, its packages and Deno go in, patterns stay out", () => {
  using files = projectWithPackage();
  const all = contentsOf(files);
  deepStrictEqual(
    all.entries.map((entry) => [entry.kind, entry.path]),
    [
      ["file", "main.ts"],
      ["file", "secret/key"],
      ["file", "node_modules/.deno/toy@1.0.0/node_modules/toy/index.js"],
      ["file", "node_modules/.deno/toy@1.0.0/node_modules/toy/index.js.map"],
      ["link", "node_modules/toy"],
      ["file", "runtime/deno"],
    ],
  );
  const some = contentsOf(files, ["**/*.map", "secret/**", "**/*.dll"]);
  deepStrictEqual(
    some.entries.map(({ path }) => path),
    all.entries.map(({ path }) => path).filter((_, i) => i !== 1 && i !== 3),
  );
  deepStrictEqual(some.idle, ["**/*.dll"]);
});

Deno.test("a link that leads out of the package is refused", () => {
  for (const target of ["/etc/hosts", "../main.ts", "in/../../x"]) {
    using files = projectWithPackage();
    Deno.removeSync(`${files.folder}/project/main.ts`);
    Deno.symlinkSync(target, `${files.folder}/project/main.ts`);
    throws(() => contentsOf(files), {
      message: 'Cannot package "main.ts" as a link must stay inside the ' +
        `package: it leads to "${target}"`,
    });
  }
});

Deno.test("packages that are neither cached nor to be had are told, with why", () => {
  using files = new TemporaryStore();
  const imports = { absent: "npm:absent-from-every-registry@1.0.0" };
  files.write("project/deno.json", JSON.stringify({ imports }));
  // A port where nobody answers.
  files.write("project/.npmrc", "registry=http://127.0.0.1:9/\n");
  throws(
    () =>
      installPackages({
        project: `${files.folder}/project`,
        folder: `${files.folder}/installed`,
      }),
    /^Error: Cannot package "[^"]+" as its npm packages must be in Deno's cache or to be had: [^\n]*absent-from-every-registry[^\n]*$/,
  );
});
