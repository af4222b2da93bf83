import { deepStrictEqual, strictEqual } from "node:assert";
import {
  diagnosticAt,
  formatDiagnostics,
  SourceText,
} from "../../../pipeline/workflow/diagnostic.ts";

const source = new SourceText("a/b.yaml", "one: 1\r\n\ttwo: é😀 x\nthree");

function formatAt(start: number, end: number): string {
  return formatDiagnostics([diagnosticAt(source, { start, end }, "Cannot")]);
}

Deno.test("formatDiagnostics underlines the place in its line", () => {
  strictEqual(formatAt(5, 6), "a/b.yaml:1:6 Cannot\none: 1\n     ~");
});

Deno.test("formatDiagnostics counts a tab and an emoji as one column each", () => {
  const x = source.text.indexOf("x");
  strictEqual(
    formatAt(x, x + 1),
    "a/b.yaml:2:11 Cannot\n two: é😀 x\n         ~",
  );
});

Deno.test("formatDiagnostics underlines the first of several lines", () => {
  strictEqual(formatAt(5, 24), "a/b.yaml:1:6 Cannot\none: 1\n     ~");
});

Deno.test("formatDiagnostics marks the end of a text with one sign", () => {
  const { length } = source.text;
  strictEqual(
    formatAt(length, length),
    "a/b.yaml:3:6 Cannot\nthree\n     ~",
  );
});

Deno.test("formatDiagnostics sorts by position and drops doubles", () => {
  const at = (start: number, message: string) =>
    diagnosticAt(source, { start, end: start + 1 }, message);
  const whole = { message: "Whole", file: "a/b.yaml", position: null };
  deepStrictEqual(
    formatDiagnostics([at(9, "C"), at(5, "B"), at(5, "A"), at(5, "B"), whole])
      .split("\n").filter((line) => line.startsWith("a/")),
    ["a/b.yaml Whole", "a/b.yaml:1:6 A", "a/b.yaml:1:6 B", "a/b.yaml:2:2 C"],
  );
});

Deno.test("formatDiagnostics cuts long lines around the place", () => {
  const long = new SourceText("l", "a".repeat(300) + "X" + "b".repeat(300));
  const [, line, mark] = formatDiagnostics([
    diagnosticAt(long, { start: 300, end: 301 }, "Cannot"),
  ]).split("\n") as [string, string, string];
  strictEqual(line, "…" + "a".repeat(40) + "X" + "b".repeat(79) + "…");
  strictEqual(mark, " ".repeat(41) + "~");
});

Deno.test("formatDiagnostics prints no control characters", () => {
  const evil = new SourceText("e", "a: \u001b[31mred");
  strictEqual(
    formatDiagnostics([diagnosticAt(evil, { start: 3, end: 6 }, "Cannot")]),
    "e:1:4 Cannot\na: \uFFFD[31mred\n   ~~~",
  );
});
