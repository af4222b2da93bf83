import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ClassList, classNamesOf } from "../../../lib/dataset/class_list.ts";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";

Deno.test("classNamesOf knows the classes of VOC and of the embedded data set", () => {
  deepStrictEqual(classNamesOf("voc"), VOC_CLASSES);
  deepStrictEqual(
    classNamesOf("embedded"),
    ["ball", "bar", "blob", "beast", "cross", "cycle"],
  );
});

Deno.test("classNamesOf keeps the order of a list: entry k − 1 is class k", () => {
  deepStrictEqual(classNamesOf(["stem", "leaf"]), ["stem", "leaf"]);
});

Deno.test("classNamesOf refuses a name that appears twice", () => {
  throws(() => classNamesOf(["leaf", "stem", "leaf"]), {
    name: "RangeError",
    message: "Cannot use the class list as a name must appear once: " +
      'class 3 is "leaf"',
  });
});

Deno.test("ClassList takes a known name or 1 to 254 names", () => {
  const takes = (value: unknown) => ClassList.safeParse(value).success;
  const names = (count: number) =>
    Array.from({ length: count }, (_, i) => `c${i}`);
  strictEqual(takes("voc"), true);
  strictEqual(takes("vocc"), false);
  strictEqual(takes(names(254)), true);
  strictEqual(takes(names(255)), false);
  strictEqual(takes([]), false);
});

Deno.test("classNamesOf takes names by comma, one with a comma behind it", () => {
  deepStrictEqual(classNamesOf("leaf, stem"), ["leaf", "stem"]);
  deepStrictEqual(classNamesOf("leaf,"), ["leaf"]);
});
