import { deepStrictEqual, throws } from "node:assert/strict";
import {
  formatImageList,
  parseImageList,
} from "../../../lib/dataset/image_list.ts";

function parse(text: string): string[] {
  return parseImageList(new TextEncoder().encode(text), "train.txt");
}

function refuses(text: string, message: string): void {
  throws(() => parse(text), {
    name: "UnreadableFileError",
    message: `Cannot read "train.txt" as ${message}`,
  });
}

Deno.test("parseImageList reads one id a line, in the order of the file", () => {
  deepStrictEqual(parse("b_2\na-1.x\n"), ["b_2", "a-1.x"]);
  deepStrictEqual(parse("b_2\na-1.x"), ["b_2", "a-1.x"]);
});

Deno.test("parseImageList bears CRLF, trailing blanks, blank lines and a mark", () => {
  deepStrictEqual(parse("\uFEFFa\r\nb \t\n\n  \nc\n\n"), ["a", "b", "c"]);
});

const RULE = "every line must be one image id, and each appear once";

Deno.test("parseImageList refuses an id twice", () => {
  refuses("a\nb\n\na\n", `${RULE}: line 4 is "a", so is line 1`);
});

Deno.test("parseImageList tells all lines that are wrong, of many the first ten", () => {
  refuses(
    "a\nxx yy\na\n../evil\n",
    `${RULE}: line 2 is "xx yy"; line 3 is "a", so is line 1; ` +
      'line 4 is "../evil"',
  );
  const ten = Array.from({ length: 10 }, (_, i) => `line ${i + 1} is "a b"`);
  refuses("a b\n".repeat(12), `${RULE}: ${ten.join("; ")} and others`);
});

Deno.test("parseImageList refuses two columns, paths and path tricks", () => {
  const lines = [
    "2007_000063 -1",
    "2007_000063  1",
    "/JPEGImages/2007_000063.jpg /SegmentationClassAug/2007_000063.png",
    "../2007_000063",
    "..",
    ".hidden",
    "-rf",
    "a/b",
    "a\\b",
    "C:x",
    " a",
    "a\0b",
    "é",
  ];
  for (const line of lines) {
    refuses(
      `first\n${line}\n`,
      `${RULE}: line 2 is ${JSON.stringify(line)}`,
    );
  }
});

Deno.test("parseImageList refuses a list of nothing", () => {
  refuses("", "it must name at least one image: it is empty");
  refuses("\n \r\n", "it must name at least one image: it is empty");
});

Deno.test("formatImageList writes what parseImageList reads", () => {
  const bytes = formatImageList(["b", "a"]);
  deepStrictEqual(new TextDecoder().decode(bytes), "b\na\n");
  throws(() => formatImageList(["a", "b c"]), {
    name: "RangeError",
    message: "Cannot write an image list as an image id must be a plain file " +
      'name: "b c"',
  });
});
