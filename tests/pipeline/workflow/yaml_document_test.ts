import { deepStrictEqual, ok, strictEqual } from "node:assert";
import {
  MAX_YAML_DEPTH,
  readYaml,
} from "../../../pipeline/workflow/yaml_document.ts";

/** Of each error: what is underlined, and the message. */
async function errorsOf(text: string): Promise<string[]> {
  const read = await readYaml(text);
  if (read.ok) return [];
  return read.errors.map(({ range, message }) =>
    `${text.slice(range.start, range.end)} | ${message}`
  );
}

Deno.test("readYaml reads YAML 1.2, keys as strings", async () => {
  const read = await readYaml(
    "1: yes\na: [0o17, 0x10, ~, 1e3]\n? b\n: |\n  c\n",
  );
  ok(read.ok);
  deepStrictEqual(read.document.value(), {
    1: "yes",
    a: [15, 16, null, 1000],
    b: "c\n",
  });
});

Deno.test("readYaml refuses anchors, aliases, tags and directives", async () => {
  deepStrictEqual(
    await errorsOf("%YAML 1.1\n---\na: &x [1]\nb: *x\nc: !!str 3"),
    [
      '%YAML 1.1 | Cannot read "%YAML 1.1" as the file must do without ' +
      "directives",
      '&x | Cannot read "&x" as the file must do without anchors',
      '*x | Cannot read "*x" as the file must do without aliases',
      '!!str | Cannot read "!!str" as the file must do without tags',
    ],
  );
});

Deno.test("readYaml refuses merge keys, keys given twice and infinity", async () => {
  const errors = await errorsOf(
    "a: 1\nb: {c: 1, c: 2}\n<<: 3\n__proto__: .inf",
  );
  deepStrictEqual(errors.sort(), [
    '.inf | Cannot read ".inf" as numbers must be finite',
    '<< | Cannot read key "<<" as the file must do without merge keys',
    '__proto__ | Cannot read key "__proto__" as this name is reserved',
    'c | Cannot read key "c" as keys of a map must be unique: it is there twice',
  ]);
});

Deno.test("readYaml refuses a second document", async () => {
  deepStrictEqual(await errorsOf("a: 1\n---\nb: 1\n"), [
    "--- | Cannot read the file as it must be one YAML document: " +
    "a second one begins here",
  ]);
});

Deno.test("readYaml gives all mistakes of a text at once", async () => {
  deepStrictEqual(await errorsOf("a: b: c\nd: [1\ne: 2\n"), [
    "b | Cannot read the file as it must be YAML 1.2: " +
    "Nested mappings are not allowed in compact mappings",
    "e | Cannot read the file as it must be YAML 1.2: Flow sequence in " +
    "block collection must be sufficiently indented and end with a ]",
  ]);
});

Deno.test("readYaml refuses nesting that would overflow the stack", async () => {
  const texts = ["[", "- ", "{a: "].map((open) => open.repeat(50_000));
  for (const text of texts) {
    deepStrictEqual((await errorsOf(text)).map((error) => error.slice(4)), [
      `Cannot read the file as its lists and maps may be at most ` +
      `${MAX_YAML_DEPTH} levels deep: they are deeper`,
    ]);
  }
});

Deno.test("readYaml takes no quadratic time for the keys of a map", async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join("\n");
  const start = performance.now();
  ok((await readYaml(text)).ok);
  ok(performance.now() - start < 10_000); // quadratic: a minute
});

Deno.test("locate finds values, keys and pieces of text", async () => {
  const text = "a:\n  b: [1, 'x ${p} y ${p']\nc: {d: ~}\n";
  const read = await readYaml(text);
  ok(read.ok);
  const { document } = read;
  const at = (...[path, what, piece]: Parameters<typeof document.locate>) => {
    const { start, end } = document.locate(path, what, piece);
    return text.slice(start, end);
  };
  strictEqual(at(["a", "b", 0], "value"), "1");
  strictEqual(at(["a", "b"], "key"), "b");
  strictEqual(at(["a", "b", 1], "value", "${p}"), "${p}");
  strictEqual(at(["c", "d"], "value"), "~");
  strictEqual(at(["a", "b", 1], "value", "absent"), "'x ${p} y ${p'");
});

Deno.test("locate of a path that leads nowhere finds the last key", async () => {
  const text = "a:\n  b: 1\n";
  const read = await readYaml(text);
  ok(read.ok);
  deepStrictEqual(read.document.locate(["a", "x", "y"], "value"), {
    start: 0,
    end: 1,
  });
  deepStrictEqual(read.document.locate(["a", "b", "y"], "key"), {
    start: 8,
    end: 9,
  });
});
