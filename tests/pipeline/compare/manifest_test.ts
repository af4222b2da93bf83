import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { readExport } from "../../../pipeline/compare/archive.ts";
import {
  decodeManifest,
  encodeManifest,
  LIMITS,
  type Manifest,
  manifestOf,
} from "../../../pipeline/compare/manifest.ts";
import { bytesOf, exportOf, manifestText, SMALL } from "./exports.ts";
import { record, step } from "./run_records.ts";

/** A manifest with its text changed. */
function changed(change: (text: string) => string): Uint8Array {
  return bytesOf(change(manifestText(SMALL)));
}

Deno.test("a manifest that was edited is refused", () => {
  const refuse = (bytes: Uint8Array, problem: string) =>
    throws(() => decodeManifest(bytes, { path: "m.json" }), {
      message: `Cannot read "m.json" as ${problem}`,
    });
  refuse(
    changed((text) => text.replace('"workflow": "w"', '"workflow": "v"')),
    "its manifest must have the SHA-256 that it names: it has not",
  );
  refuse(
    changed((text) => text.slice(0, 100)),
    `its manifest must be JSON: "Unterminated string in JSON at position ` +
      `100 (line 7 column 13)"`,
  );
  refuse(new Uint8Array(), "its manifest must be JSON: it is empty");
  refuse(
    bytesOf("null"),
    "its manifest must be of the form that is written: it must be a map: " +
      "it is null",
  );
  const started = /"startedAt": "[^"]+"/;
  refuse(
    changed((text) => text.replace(started, '"startedAt": "today"')),
    "its manifest must be of the form that is written: " +
      '"record.startedAt" must be a time in UTC: it is "today"',
  );
  refuse(
    Uint8Array.of(0xff),
    "its manifest must be UTF-8: it is not",
  );
  refuse(
    bytesOf("[".repeat(100) + "]".repeat(100)),
    "its manifest may nest 64 maps and lists: it nests more",
  );
  refuse(
    bytesOf('{"kind": "run-export", "schema": 7, "more": 1}'),
    'its manifest must be of the form that is written: "schema" must be ' +
      '"1": it is 7, "record" must be a map: it is missing, "members" must ' +
      'be a list: it is missing, "sha256" must be a string: it is missing, ' +
      '"more" is unknown',
  );
});

Deno.test("paths of members lead nowhere else", () => {
  const bad = ["/etc/passwd", "outputs/../x", "outputs/./x", "x", "outputs/"]
    .concat(["outputs//x", "outputs/a\\b", "outputs/a\nb", "outputs/.."]);
  for (const path of bad) {
    const { manifest } = exportOf({ [path]: "text" });
    throws(
      () => decodeManifest(encodeManifest(manifest), { path: "m.json" }),
      /as its manifest must be of the form .*must be a plain path under outputs/,
      path,
    );
  }
});

Deno.test("a manifest that names a file twice, or too much, is refused", () => {
  const [member] = SMALL.manifest.members;
  const twice = manifestOf(record([]), [member!, member!]);
  const decode = (manifest: Manifest, limits = LIMITS) =>
    decodeManifest(encodeManifest(manifest), { path: "m.json", limits });
  throws(() => decode(twice), {
    message: 'Cannot read "m.json" as its members must be in order, each ' +
      "once: they are not",
  });
  const large = manifestOf(record([]), [{ ...member!, sizeBytes: 2 ** 40 }]);
  throws(() => decode(large), {
    message: 'Cannot read "m.json" as it may hold 1073741824 bytes: it names ' +
      "1099511627776",
  });
  throws(
    () => decode(SMALL.manifest, { ...LIMITS, members: 1 }),
    { message: 'Cannot read "m.json" as it may hold 1 files: it names 2' },
  );
});

Deno.test("a manifest alone is an export without files", async () => {
  const path = Deno.makeTempFileSync({ suffix: ".json" });
  try {
    Deno.writeFileSync(path, encodeManifest(SMALL.manifest));
    const { manifest, files } = await readExport(path);
    deepStrictEqual(manifest.record, SMALL.manifest.record);
    strictEqual(files.size, 0);
    await rejects(readExport(path, { ...LIMITS, fileBytes: 9 }), {
      message: `Cannot read "${path}" as it may have 9 bytes: it has ` +
        `${encodeManifest(SMALL.manifest).length}`,
    });
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("names in a record lead nowhere else either", () => {
  const of = (text: Parameters<typeof step>[0]) =>
    encodeManifest(manifestOf(record([step(text)]), []));
  const bad = [
    { id: "../../a" },
    { id: "a", outputs: { "b/c": "x" } },
    { id: "a", inputs: { i: ["../b.out", "x"] as const } },
  ];
  for (const text of bad) {
    throws(
      () => decodeManifest(of(text), { path: "m.json" }),
      /as its manifest must be of the form .* must be without slashes/,
    );
  }
  const origin = { from: "step", step: "b", output: "c", part: "d/../../e" };
  const upwards = { ...step({ id: "a" }), origins: { i: [origin as never] } };
  throws(
    () =>
      decodeManifest(encodeManifest(manifestOf(record([upwards]), [])), {
        path: "m.json",
      }),
    /must lead down/,
  );
});
