/**
 * Errors that point into a text: message, file, line and column, and the line
 * itself with the place underlined.
 *
 * @module
 */

/** A text with its name in messages and the offsets at which lines start. */
export class SourceText {
  #lineStarts: number[] | null = null;

  /** `file` is null for text of the command line. */
  constructor(readonly file: string | null, readonly text: string) {}

  /** Offset of the first character of each line. */
  get lineStarts(): readonly number[] {
    return this.#lineStarts ??= lineStartsOf(this.text);
  }
}

/** Offsets of UTF-16 units in a text; `end` is not part of it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where in its text a diagnostic points. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number;
  /** The line, a long one cut to where the place is. */
  readonly excerpt: string;
  /** Characters of the excerpt before the underline. */
  readonly indent: number;
  /** Characters underlined, at least 1. */
  readonly length: number;
}

/** One error of a file or of the command line. */
export interface Diagnostic {
  readonly message: string;
  /** As the user wrote it; null for the command line. */
  readonly file: string | null;
  /** Null when the error is about the text as a whole. */
  readonly position: Position | null;
}

/** A diagnostic that points at a range; of several lines, at the first. */
export function diagnosticAt(
  source: SourceText,
  range: TextRange | null,
  message: string,
): Diagnostic {
  const position = range === null ? null : positionOf(source, range);
  return { message, file: source.file, position };
}

/** Sorted by file and position, the command line first; doubles left out. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
): Diagnostic[] {
  const sorted = [...diagnostics].sort(compare);
  return sorted.filter((diagnostic, i) =>
    i === 0 || compare(sorted[i - 1] as Diagnostic, diagnostic) !== 0
  );
}

/**
 * Diagnostics as a terminal shows them, sorted.
 *
 * @example
 * ```ts
 * import { diagnosticAt, formatDiagnostics, SourceText } from "./diagnostic.ts";
 * import { strictEqual } from "node:assert";
 *
 * const source = new SourceText("a.yaml", "seed: -1\n");
 * strictEqual(
 *   formatDiagnostics([diagnosticAt(source, { start: 6, end: 8 }, "Bad seed")]),
 *   "a.yaml:1:7 Bad seed\nseed: -1\n      ~~",
 * );
 * ```
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return sortDiagnostics(diagnostics).map(formatDiagnostic).join("\n");
}

function formatDiagnostic({ message, file, position }: Diagnostic): string {
  if (position === null) return file === null ? message : `${file} ${message}`;
  const { line, column } = position;
  const head = file === null ? message : `${file}:${line}:${column} ${message}`;
  const { excerpt, indent, length } = position;
  if (excerpt.trim() === "") return head;
  return `${head}\n${excerpt}\n${" ".repeat(indent)}${"~".repeat(length)}`;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

function positionOf(source: SourceText, range: TextRange): Position {
  const { text, lineStarts } = source;
  const start = Math.min(range.start, text.length);
  const line = lineAt(lineStarts, start);
  const from = lineStarts[line - 1] as number;
  const nextLine = lineStarts[line] ?? text.length + 1;
  const to = text[nextLine - 2] === "\r" ? nextLine - 2 : nextLine - 1;
  const end = Math.max(start, Math.min(range.end, to));
  const excerpt = excerptOf(text, { from, to }, { start, end });
  return { line, column: start - from + 1, ...excerpt };
}

/** Longer lines are cut on both sides. */
const EXCERPT_LENGTH = 120;

/** Kept before the place when a line is cut. */
const EXCERPT_LEAD = 40;

function excerptOf(
  text: string,
  line: { from: number; to: number },
  { start, end }: TextRange,
): { excerpt: string; indent: number; length: number } {
  const isLong = line.to - line.from > EXCERPT_LENGTH;
  const from = isLong
    ? Math.max(
      line.from,
      Math.min(start - EXCERPT_LEAD, line.to - EXCERPT_LENGTH),
    )
    : line.from;
  const to = isLong ? Math.min(line.to, from + EXCERPT_LENGTH) : line.to;
  const before = printable(text.slice(from, start));
  const marked = printable(text.slice(start, Math.min(end, to)).trimEnd());
  const after = printable(text.slice(start, to)).slice(marked.length);
  const lead = from > line.from ? "…" : "";
  return {
    excerpt: lead + before + marked + after + (to < line.to ? "…" : ""),
    indent: codePoints(lead + before),
    length: Math.max(1, codePoints(marked)),
  };
}

/** One column a character: tabs become spaces, invisible ones are replaced. */
function printable(text: string): string {
  return text.toWellFormed().replaceAll("\t", " ").replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    "\uFFFD",
  );
}

/** The line, from 1, that holds an offset. */
function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

function codePoints(text: string): number {
  return Array.from(text).length;
}

function compare(a: Diagnostic, b: Diagnostic): number {
  return compareText(a.file ?? "", b.file ?? "") ||
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
    compareText(a.position?.excerpt ?? "", b.position?.excerpt ?? "") ||
    compareText(a.message, b.message);
}

/** By code unit. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
