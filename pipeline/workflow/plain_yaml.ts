/**
 * A fast reader for the plain part of YAML 1.2 that workflow files are nearly
 * always written in, about fifteen times as fast as npm `yaml`.
 *
 * It knows block maps and lists, flow collections, comments and scalars on one
 * line. Of anything else, and of any mistake, it only says "not plain"; the
 * text then goes to npm `yaml`, which has the last word and knows where each
 * value stands. Whatever this reader accepts, both read alike: a property test
 * in `tests/pipeline/plain_yaml_test.ts` holds it to that.
 *
 * @module
 */
import { MAX_YAML_DEPTH } from "./yaml_document.ts";
import type { Json } from "./workflow.ts";

/** A value, or undefined for "not plain". */
type Plain = Json | undefined;
type PlainMap = { [key: string]: Json };

/** The value of a YAML text, or undefined when the text is not plain. */
export function readPlainYaml(text: string): Plain {
  return UNUSUAL.test(text) ? undefined : new PlainReader(text).readFile();
}

/** The value of a scalar or flow collection that fills the whole text. */
export function readPlainValue(text: string): Plain {
  return UNUSUAL.test(text) ? undefined : new PlainReader(text).readValue();
}

/** Tabs, carriage returns, other controls, lone surrogates, a BOM. */
const UNUSUAL =
  /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

const BLOCK_KEY = /([A-Za-z_][A-Za-z0-9_.-]{0,199}):(?=[ \n]|$)/y;
/** Characters that begin a scalar without quotes and mean nothing else. */
const SCALAR_START = /[A-Za-z0-9_./$~+]|-(?=[A-Za-z0-9_.])/y;
const FLOW_SCALAR = /[A-Za-z0-9_./$~+@%=*()<>;^\\ -]+/y;
const DOUBLE_QUOTED = /"(?:[^"\\\n]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,1000}"/y;
const SINGLE_QUOTED = /'(?:[^'\n]|''){0,1000}'/y;
const LINE_END = /(?: *| +#[^\n]*)(?:\n|$)/y;
const INDENT = / */y;
const FLOW_BREAK = / *(?:\n *)*/y;

class PlainReader {
  #at = 0;
  /** Column of the next line with content; -1 at the end of the text. */
  #indent = 0;
  #depth = 0;
  #flowLevel = 0;

  constructor(readonly text: string) {}

  readFile(): Plain {
    this.#toContent();
    if (this.#indent !== 0) return undefined;
    const value = this.#readMap(0);
    return this.#isAtEnd() ? value : undefined;
  }

  readValue(): Plain {
    this.#take(INDENT);
    if (this.#at === this.text.length) return null;
    const value = this.#readInline(-1);
    return this.#isAtEnd() ? value : undefined;
  }

  #readMap(indent: number): PlainMap | undefined {
    const map: PlainMap = {};
    while (this.#indent === indent) {
      const key = this.#take(BLOCK_KEY)?.slice(0, -1);
      if (key === undefined || !isNewKey(map, key)) return undefined;
      const value = this.#readEntry(indent, true);
      if (value === undefined) return undefined;
      map[key] = value;
    }
    return map;
  }

  #readList(indent: number): Json[] | undefined {
    const list: Json[] = [];
    while (this.#indent === indent && this.#isAtDash()) {
      this.#at++;
      const item = this.#readEntry(indent, false);
      if (item === undefined) return undefined;
      list.push(item);
    }
    return list;
  }

  /** What follows `key:` or `-`: on the same line, or indented below it. */
  #readEntry(indent: number, underKey: boolean): Plain {
    if (!this.#toNextLine()) {
      this.#take(INDENT);
      return this.#readInline(indent);
    }
    if (this.#indent > indent) return this.#readBlock(this.#indent);
    const isListOfKey = underKey && this.#indent === indent && indent >= 0 &&
      this.#isAtDash();
    return isListOfKey ? this.#readBlock(indent) : null;
  }

  #readBlock(indent: number): Plain {
    if (++this.#depth > MAX_YAML_DEPTH) return undefined;
    const value = this.#isAtDash()
      ? this.#readList(indent)
      : this.#readMap(indent);
    this.#depth--;
    return value;
  }

  /** A value that ends where its line does, and then the next line. */
  #readInline(indent: number): Plain {
    const first = this.text[this.#at];
    const value = first === "{" || first === "["
      ? this.#readFlow(indent)
      : first === '"' || first === "'"
      ? this.#readQuoted()
      : this.#readScalarToLineEnd();
    return value !== undefined && this.#toNextLine() ? value : undefined;
  }

  #readScalarToLineEnd(): Plain {
    if (!isAt(SCALAR_START, this.text, this.#at)) return undefined;
    const newline = this.text.indexOf("\n", this.#at);
    const lineEnd = newline < 0 ? this.text.length : newline;
    const line = this.text.slice(this.#at, lineEnd);
    const comment = line.indexOf(" #");
    const scalar = trimSpaces(comment < 0 ? line : line.slice(0, comment));
    if (scalar.includes(": ") || scalar.endsWith(":")) return undefined;
    this.#at += scalar.length;
    return scalarValue(scalar);
  }

  #readFlow(indent: number): Plain {
    const first = this.text[this.#at];
    if (first === '"' || first === "'") return this.#readQuoted();
    if (first !== "{" && first !== "[") return this.#readFlowScalar();
    if (this.#depth + ++this.#flowLevel > MAX_YAML_DEPTH) return undefined;
    this.#at++;
    const value = first === "{"
      ? this.#readFlowMap(indent)
      : this.#readFlowList(indent);
    this.#flowLevel--;
    return value;
  }

  #readFlowMap(indent: number): PlainMap | undefined {
    const map: PlainMap = {};
    while (this.#skipFlowBreak(indent)) {
      if (this.#skip("}")) return map;
      const key = this.#readFlowKey();
      if (key === undefined || !isNewKey(map, key)) return undefined;
      if (!this.#skipFlowBreak(indent)) return undefined;
      const value = this.#readFlow(indent);
      if (value === undefined) return undefined;
      map[key] = value;
      if (!this.#skipFlowBreak(indent)) return undefined;
      if (!this.#skip(",") && this.text[this.#at] !== "}") return undefined;
    }
    return undefined;
  }

  #readFlowList(indent: number): Json[] | undefined {
    const list: Json[] = [];
    while (this.#skipFlowBreak(indent)) {
      if (this.#skip("]")) return list;
      const item = this.#readFlow(indent);
      if (item === undefined) return undefined;
      list.push(item);
      if (!this.#skipFlowBreak(indent)) return undefined;
      if (!this.#skip(",") && this.text[this.#at] !== "]") return undefined;
    }
    return undefined;
  }

  #readFlowKey(): string | undefined {
    if (this.text[this.#at] !== '"') return this.#take(BLOCK_KEY)?.slice(0, -1);
    const key = this.#readQuoted();
    return this.#skip(":") ? key : undefined;
  }

  #readFlowScalar(): Plain {
    if (!isAt(SCALAR_START, this.text, this.#at)) return undefined;
    return scalarValue(trimSpaces(this.#take(FLOW_SCALAR) as string));
  }

  #readQuoted(): string | undefined {
    const double = this.#take(DOUBLE_QUOTED);
    if (double !== undefined) return JSON.parse(double);
    return this.#take(SINGLE_QUOTED)?.slice(1, -1).replaceAll("''", "'");
  }

  /**
   * Spaces and line breaks within a flow collection. Its lines are indented
   * deeper than the block around it, the last bracket at least as deep.
   */
  #skipFlowBreak(indent: number): boolean {
    const spaces = this.#take(FLOW_BREAK) as string;
    const lineStart = spaces.lastIndexOf("\n") + 1;
    if (lineStart === 0) return true;
    const next = this.text[this.#at];
    const isLast = this.#flowLevel === 1 && (next === "}" || next === "]");
    return spaces.length - lineStart > (isLast ? indent - 1 : indent);
  }

  #skip(char: string): boolean {
    if (this.text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #isAtEnd(): boolean {
    return this.#indent === -1;
  }

  #isAtDash(): boolean {
    const next = this.text[this.#at + 1];
    return this.text[this.#at] === "-" &&
      (next === " " || next === "\n" || next === undefined);
  }

  /** To the next content, if only spaces or a comment are left of the line. */
  #toNextLine(): boolean {
    if (this.#take(LINE_END) === undefined) return false;
    this.#toContent();
    return true;
  }

  /** From the start of a line to the next line with content. */
  #toContent(): void {
    const { text } = this;
    while (this.#at < text.length) {
      const indent = this.#take(INDENT) as string;
      const first = text[this.#at];
      if (first !== "\n" && first !== "#" && first !== undefined) {
        this.#indent = indent.length;
        return;
      }
      const newline = text.indexOf("\n", this.#at);
      this.#at = newline < 0 ? text.length : newline + 1;
    }
    this.#indent = -1;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function isAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function isNewKey(map: PlainMap, key: string): boolean {
  return key !== "__proto__" && key !== "<<" && !Object.hasOwn(map, key);
}

/** Without spaces at the end; other white space is text. */
function trimSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}

/** Scalars without quotes that are not strings, by YAML 1.2's core schema. */
const WORDS = new Map<string, Json>([
  ...["~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

const DECIMAL = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+\.\d*|(?:\.\d+|\d+(?:\.\d*)?)[eE][-+]?\d+)$/;
/** Octal, hexadecimal, infinite: left to npm `yaml`. */
const OTHER_NUMBER = /^(?:0[ox]|[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)$)/;

function scalarValue(scalar: string): Plain {
  const word = WORDS.get(scalar);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(scalar)) return scalar;
  if (DECIMAL.test(scalar) || FLOAT.test(scalar)) {
    const value = Number(scalar);
    return Number.isFinite(value) ? value : undefined;
  }
  return OTHER_NUMBER.test(scalar) ? undefined : scalar;
}
