import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { stringify } from "yaml";
import {
  readPlainValue,
  readPlainYaml,
} from "../../../pipeline/workflow/plain_yaml.ts";
import { readYaml } from "../../../pipeline/workflow/yaml_document.ts";

const WORKFLOW = `# what it is for
workflow: sample   # its name
seed: 1
params: { rate: 0.5, list: [1, -2.5e3, "a # b", 'it''s'], on: true }
targets:
- last
steps:
  first:
    stage: make_number
    params:
      value: \${params.rate}

      text: some words, and: none
      items:
        - 1
        - ./a/b.txt
        - {a: 1, "b c":"\\u00e9"}
      none:
  last:
    stage: add_numbers
    inputs: {
      left: first.number, # no comments in here
      right: first.number,
    }
`;
const PLAIN = WORKFLOW.replace(", # no comments in here", ",")
  .replace("words, and: none", "words, and none");

Deno.test("readPlainYaml reads what npm yaml reads, value for value", async () => {
  const expected = await readYaml(PLAIN);
  ok(expected.ok);
  deepStrictEqual(readPlainYaml(PLAIN), expected.document.value());
});

Deno.test("readPlainYaml leaves what is not plain to npm yaml", () => {
  const texts = [
    "a: &x 1",
    "a: |\n  b",
    "a: b\n  c",
    "a: b: c",
    "a: 1\na: 2",
    "a:\n  b: 1\n c: 2",
    "\ta: 1",
    "a: [1, 2",
    "a: {b: 1,\nc: 2}",
    "__proto__: 1",
    "a: 0x10",
    "a: .inf",
    "---\na: 1",
    "- a",
    "",
  ];
  for (const text of texts) strictEqual(readPlainYaml(text), undefined, text);
});

Deno.test("readPlainValue reads scalars and flow collections", () => {
  deepStrictEqual(readPlainValue("1e-3"), 0.001);
  deepStrictEqual(readPlainValue("007"), 7);
  deepStrictEqual(readPlainValue("a b:c"), "a b:c");
  deepStrictEqual(readPlainValue("~"), null);
  deepStrictEqual(readPlainValue(""), null);
  deepStrictEqual(readPlainValue('{"a":[1, x]}'), { a: [1, "x"] });
  strictEqual(readPlainValue("a: 1"), undefined);
  strictEqual(readPlainValue("1\n2"), undefined);
});

/** Either not plain, or what npm `yaml` reads without any complaint. */
async function assertReadAlike(text: string): Promise<void> {
  const plain = readPlainYaml(text);
  if (plain === undefined) return;
  const expected = await readYaml(text);
  ok(expected.ok, `npm yaml refuses ${JSON.stringify(text)}`);
  deepStrictEqual(plain, expected.document.value(), JSON.stringify(text));
}

const runs = Number(Deno.env.get("PLAIN_YAML_RUNS") ?? 300);

Deno.test("readPlainYaml never differs from npm yaml on edited workflows", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..." \n:#-{}[],\"'|>&*!?%@`.~01+e_=<\\$",
      "\n  ",
      "\n    - ",
      ": ",
      " #",
      "- ",
      "null",
      "''",
      "a: 1",
      ", ",
      "{}",
      "\n\n",
      "---\n",
      "...",
      "é",
      "\u00a0",
    ),
    fc.string({ maxLength: 3 }),
  );
  const edit = fc.record({
    at: fc.nat(PLAIN.length),
    remove: fc.nat(6),
    insert: piece,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      async (edits) => {
        let text = PLAIN;
        for (const { at, remove, insert } of edits) {
          text = text.slice(0, at) + insert + text.slice(at + remove);
        }
        await assertReadAlike(text);
      },
    ),
    { numRuns: runs },
  );
});

Deno.test("readPlainYaml never differs from npm yaml on its own writing", async () => {
  const value = fc.dictionary(
    fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ maxLength: 4 })),
    fc.jsonValue({ maxDepth: 4 }),
  );
  const indent = fc.constantFrom(1, 2, 4);
  await fc.assert(
    fc.asyncProperty(value, indent, async (value, indent) => {
      await assertReadAlike(stringify(value, { indent }));
      await assertReadAlike(
        stringify(value, { indent, collectionStyle: "flow" }),
      );
    }),
    { numRuns: runs },
  );
});

Deno.test("readPlainYaml never differs from npm yaml on short texts of signs", async () => {
  const sign = fc.constantFrom(
    ..."ab01 \n:#-{}[],\"'.~+e_$",
    "a: ",
    "\n  ",
    "\n}",
    "\n]",
    "- ",
    ": ",
  );
  const text = fc.array(sign, { maxLength: 14 }).map((signs) =>
    "a: " + signs.join("")
  );
  await fc.assert(fc.asyncProperty(text, assertReadAlike), {
    numRuns: runs * 4,
  });
});
