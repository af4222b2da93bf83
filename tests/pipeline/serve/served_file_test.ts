import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { pathParts, servedFile } from "../../../pipeline/serve/served_file.ts";

/** Folders `runs/a/page` and `secret`, and links between them. */
function withFolders(run: (root: string) => void): void {
  const root = Deno.makeTempDirSync({ prefix: "served_" });
  try {
    Deno.mkdirSync(`${root}/runs/a/page/sub`, { recursive: true });
    Deno.mkdirSync(`${root}/store`);
    Deno.mkdirSync(`${root}/secret`);
    Deno.writeTextFileSync(`${root}/secret/key.html`, "secret");
    Deno.writeTextFileSync(`${root}/store/object.png`, "object");
    Deno.writeTextFileSync(`${root}/runs/a/page/index.html`, "page");
    Deno.writeTextFileSync(`${root}/runs/a/page/sub/b c.jpg`, "picture");
    Deno.writeTextFileSync(`${root}/runs/a/page/notes.exe`, "program");
    const page = `${root}/runs/a/page`;
    Deno.symlinkSync(`${root}/secret/key.html`, `${page}/out.html`);
    Deno.symlinkSync(`${root}/secret`, `${page}/out`);
    Deno.symlinkSync(`${root}/store/object.png`, `${page}/stored.png`);
    Deno.symlinkSync(`${page}/circle.html`, `${page}/circle.html`);
    run(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("servedFile gives files of known types within its roots only", () => {
  withFolders((root) => {
    const folder = `${root}/runs/a/page`;
    const roots = [`${root}/runs`, `${root}/store`, `${root}/gone`];
    const type = (...parts: string[]) =>
      servedFile(folder, parts, roots)?.type ?? null;
    strictEqual(type("index.html"), "text/html; charset=utf-8");
    strictEqual(type("sub", "b c.jpg"), "image/jpeg");
    strictEqual(type("stored.png"), "image/png");
    const refused = [
      ["out.html"],
      ["out", "key.html"],
      ["circle.html"],
      ["notes.exe"],
      ["sub"],
      ["gone.html"],
      ["index.html", "x.html"],
      [`${"a".repeat(300)}.html`],
      ["..", "..", "..", "secret", "key.html"],
    ];
    for (const parts of refused) strictEqual(type(...parts), null, `${parts}`);
  });
});

Deno.test("pathParts refuses every way to write a step up or a hidden name", () => {
  deepStrictEqual(pathParts("/run/a/page/x%20y.png"), [
    "run",
    "a",
    "page",
    "x y.png",
  ]);
  const refused = [
    "/..",
    "/a/../b",
    "/a/%2e%2e/b",
    "/a/%2E./b",
    "/a/..%2fb",
    "/a%2Fb",
    "/a%5cb",
    "/a\\b",
    "/a//b",
    "/.git",
    "/a/.hidden",
    "/a%00b",
    "/a%0ab",
    "/%",
    "/%ff",
    "/",
  ];
  for (const path of refused) strictEqual(pathParts(path), null, path);
});

Deno.test("pathParts never gives a part that goes up or down a folder", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const parts = pathParts(`/${text}`) ?? [];
    return parts.every((part) =>
      part !== "" && part !== ".." && part !== "." && !/[/\\\0]/.test(part)
    );
  }));
});
