import { doesNotThrow, strictEqual, throws } from "node:assert/strict";
import {
  assertClassNames,
  classIdOf,
  describeUnknownClass,
  VOC_CLASSES,
} from "../../../lib/dataset/classes.ts";

function refuses(names: string[], found: string): void {
  throws(() => assertClassNames(names), {
    name: "RangeError",
    message: `Cannot use the class list as ${found}`,
  });
}

Deno.test("VOC_CLASSES is a valid list of twenty", () => {
  assertClassNames(VOC_CLASSES);
  strictEqual(VOC_CLASSES.length, 20);
  strictEqual(classIdOf(VOC_CLASSES, "aeroplane"), 1);
  strictEqual(classIdOf(VOC_CLASSES, "person"), 15);
  strictEqual(classIdOf(VOC_CLASSES, "tvmonitor"), 20);
});

Deno.test("assertClassNames takes any plain names, 1 to 254 of them", () => {
  const many = Array.from({ length: 254 }, (_, i) => `class ${i}`);
  doesNotThrow(() => assertClassNames(many));
  doesNotThrow(() =>
    assertClassNames(["x", "Blatt-Stiel", "葉", "traffic light"])
  );
  refuses([...many, "one more"], "it must have 1 to 254 names: it has 255");
  refuses([], "it must have 1 to 254 names: it has 0");
});

Deno.test("assertClassNames refuses names that would not survive a file", () => {
  const rule = "a name must be 1 to 64 plain characters: class 2 is ";
  for (
    const name of ["", " cat", "cat ", "a\nb", "a&b", "<a>", 'a"b', "\u200b"]
  ) {
    refuses(["dog", name], rule + JSON.stringify(name));
  }
  refuses(["dog", "x".repeat(65)], `${rule}"${"x".repeat(65)}"`);
});

Deno.test("assertClassNames refuses a name twice and that of label 0", () => {
  refuses(["a", "b", "a"], 'a name must appear once: class 3 is "a"');
  refuses(
    ["background"],
    'a name must not be that of label 0: class 1 is "background"',
  );
});

Deno.test("describeUnknownClass offers a near name, and no far one", () => {
  const offer = (name: string) => describeUnknownClass(VOC_CLASSES, name);
  strictEqual(offer("Dog"), '"Dog", did you mean "dog"?');
  strictEqual(
    offer("dining table"),
    '"dining table", did you mean "diningtable"?',
  );
  strictEqual(offer("zebra"), '"zebra"');
});
