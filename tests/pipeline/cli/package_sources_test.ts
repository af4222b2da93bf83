/** Which files of a project are packaged. */
import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import { projectFiles } from "../../../pipeline/cli/package_sources.ts";
import { TemporaryStore } from "../temporary_store.ts";

const GIT = (() => {
  try {
    return new Deno.Command("git", { args: ["--version"] }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
})();

function git(folder: string, ...args: string[]): void {
  const name = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  const { success, stderr } = new Deno.Command("git", {
    args: ["-C", folder, ...name, ...args],
  }).outputSync();
  strictEqual(success, true, new TextDecoder().decode(stderr));
}

Deno.test({
  name: "in a checkout: what git tracks, as it is now; the rest is told",
  ignore: !GIT,
  fn() {
    using files = new TemporaryStore();
    const { folder } = files;
    files.write("kept.ts", "");
    files.write("in/kept é.ts", "");
    files.write("removed.ts", "");
    files.write(".gitignore", "/out/\n");
    git(folder, "init", "--quiet");
    git(folder, "add", "--all");
    strictEqual(projectFiles(folder).commit, null);
    git(folder, "commit", "--quiet", "--message", "x");
    match(projectFiles(folder).commit!, /^[0-9a-f]{12}$/);
    Deno.removeSync(`${folder}/removed.ts`);
    files.write("forgotten.ts", "");
    files.write("out/ignored.ts", "");
    const { paths, untracked, commit } = projectFiles(folder);
    deepStrictEqual(paths, [".gitignore", "in/kept é.ts", "kept.ts"]);
    deepStrictEqual(untracked, ["forgotten.ts"]);
    match(commit!, /^[0-9a-f]{12}\+$/);
  },
});

Deno.test("where git has never been: all but what .gitignore names", () => {
  using files = new TemporaryStore();
  for (const path of ["a.ts", "in/b.ts", "out/c.ts", "in/d.log"]) {
    files.write(path, "");
  }
  deepStrictEqual(projectFiles(files.folder).paths, [
    "a.ts",
    "in/b.ts",
    "in/d.log",
    "out/c.ts",
  ]);
  files.write(".gitignore", "/out/\n*.log\n");
  deepStrictEqual(projectFiles(files.folder), {
    paths: [".gitignore", "a.ts", "in/b.ts"],
    untracked: [],
    commit: null,
  });
});

Deno.test({
  name: "a checkout that git cannot read is refused in git's words",
  ignore: !GIT,
  fn() {
    using files = new TemporaryStore();
    files.write(".git", "gitdir: /nowhere");
    throws(
      () => projectFiles(files.folder),
      /^Error: Cannot package ".*" as git must list its files: fatal: .*nowhere/,
    );
  },
});
