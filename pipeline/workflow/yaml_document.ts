/**
 * YAML as npm `yaml` reads it, with what workflow files may not use refused,
 * and the place of every key and value.
 *
 * The library is loaded when it is needed: for texts not read before, and for
 * the places of errors.
 *
 * @module
 */
import type { CST, Document, Node, Pair } from "yaml";
import type { TextRange } from "./diagnostic.ts";
import type { Path } from "./problem.ts";
import type { Json } from "./workflow.ts";
import { quote } from "./wording.ts";

/** Levels of lists and maps in each other. */
export const MAX_YAML_DEPTH = 100;

/** One error of a YAML text. */
export interface YamlError {
  readonly range: TextRange;
  readonly message: string;
}

/** A text read as YAML. */
export type YamlResult =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly errors: readonly YamlError[] };

/** Reads a text as one YAML 1.2 document, strictly. */
export async function readYaml(text: string): Promise<YamlResult> {
  const yaml = await import("yaml");
  const tokens = [...new yaml.Parser().parse(text)];
  const refused = refusedTokens(tokens);
  if (refused.length > 0) return { ok: false, errors: refused };
  const composer = new yaml.Composer({
    version: "1.2",
    schema: "core",
    strict: true,
    stringKeys: true,
    uniqueKeys: false, // quadratic in npm `yaml`; done by `refusedNodes`
    merge: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const [document] = documents;
  if (document === undefined) throw new Error("Internal error: no document");
  const errors = documents.flatMap(syntaxErrors);
  if (documents[1] !== undefined) errors.push(secondDocument(documents[1]));
  if (errors.length === 0) errors.push(...refusedNodes(yaml, document));
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, document: new YamlDocument(yaml, document, text) };
}

/**
 * The value of a scalar or flow collection on one line, undefined for anything
 * else. What JSON reads alike is read without the library.
 */
export async function readYamlValue(text: string): Promise<Json | undefined> {
  if (JSON_SCALAR.test(text)) return JSON.parse(text);
  if (text.includes("\n")) return undefined;
  const read = await readYaml(text);
  return read.ok && !read.document.isBlock ? read.document.value() : undefined;
}

/** Booleans and short numbers, which no reader takes for infinite. */
const JSON_SCALAR =
  /^(true|false|-?(0|[1-9]\d{0,15})(\.\d{1,20})?(e-?\d\d?)?)$/;

type Yaml = typeof import("yaml");

/** A document without errors. */
export class YamlDocument {
  readonly #yaml: Yaml;
  readonly #document: Document;

  constructor(yaml: Yaml, document: Document, readonly text: string) {
    this.#yaml = yaml;
    this.#document = document;
  }

  /** Whether its outermost map or list is written without brackets. */
  get isBlock(): boolean {
    const { contents } = this.#document;
    return this.#yaml.isCollection(contents) && !contents.flow;
  }

  /** The document as a JSON value. */
  value(): Json {
    return this.#document.toJS();
  }

  /**
   * Where a value or its key stands. Of a path that leads nowhere, the last
   * key that there is, or the scalar that stands where a map should.
   */
  locate(path: Path, at: "key" | "value", piece?: string): TextRange {
    let node = this.#document.contents as Node | null;
    let key: Node | null = null;
    for (const segment of path) {
      const next = this.#entry(node, segment);
      if (next === null) {
        return this.#rangeOf(this.#yaml.isScalar(node) ? node : key ?? node);
      }
      [key, node] = next;
    }
    const range = this.#rangeOf(at === "key" ? key ?? node : node ?? key);
    return piece === undefined ? range : this.#within(range, piece);
  }

  /** Key and value of an entry; a list's item has no key. */
  #entry(
    node: Node | null,
    segment: string | number,
  ): [Node | null, Node | null] | null {
    if (this.#yaml.isMap<Node, Node>(node)) {
      const pair = node.items.find((pair) => keyText(pair) === String(segment));
      return pair === undefined ? null : [pair.key, pair.value];
    }
    if (!this.#yaml.isSeq<Node>(node)) return null;
    const item = node.items[Number(segment)];
    return item === undefined ? null : [null, item];
  }

  #rangeOf(node: Node | null): TextRange {
    const [start, end] = node?.range ?? [0, 0];
    return { start, end };
  }

  /** A piece that does not end in a bracket is the end of its text. */
  #within({ start, end }: TextRange, piece: string): TextRange {
    const source = this.text.slice(start, end);
    const found = piece.endsWith("}")
      ? source.indexOf(piece)
      : source.lastIndexOf(piece);
    if (found < 0) return { start, end };
    return { start: start + found, end: start + found + piece.length };
  }
}

/** Tokens that workflow files may not have, and what they are. */
const REFUSED_TOKENS: Readonly<Record<string, string>> = {
  anchor: "anchors",
  alias: "aliases",
  tag: "tags",
  directive: "directives",
};

/**
 * Refused tokens and too deep nesting, before anything is built: a few lines
 * of aliases can stand for more values than fit into memory.
 */
function refusedTokens(tokens: readonly CST.Token[]): YamlError[] {
  const errors: YamlError[] = [];
  const open: { token: CST.Token; depth: number }[] = tokens.toReversed().map(
    (token) => ({ token, depth: 0 }),
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    const refused = REFUSED_TOKENS[token.type];
    if (refused !== undefined) errors.push(refusedToken(token, refused));
    if (depth > MAX_YAML_DEPTH) return [tooDeep(token)];
    const inner = "items" in token ? depth + 1 : depth;
    for (const child of childrenOf(token).reverse()) {
      open.push({ token: child, depth: inner });
    }
  }
  return errors;
}

function refusedToken(token: CST.Token, refused: string): YamlError {
  const source = "source" in token ? token.source : "";
  return {
    range: { start: token.offset, end: token.offset + source.length },
    message: `Cannot read ${quote(source)} as workflow files must do without ` +
      refused,
  };
}

function tooDeep(token: CST.Token): YamlError {
  return {
    range: { start: token.offset, end: token.offset + 1 },
    message: "Cannot read the file as its lists and maps may be at " +
      `most ${MAX_YAML_DEPTH} levels deep: they are deeper`,
  };
}

function childrenOf(token: CST.Token): CST.Token[] {
  const children: (CST.Token | null | undefined)[] = [];
  if ("start" in token && Array.isArray(token.start)) {
    children.push(...token.start);
  }
  if (token.type === "document") children.push(token.value);
  if ("items" in token) {
    for (const { start, key, sep, value } of token.items) {
      children.push(...start, key, ...(sep ?? []), value);
    }
  }
  return children.filter((child) => child !== null && child !== undefined);
}

function syntaxErrors(document: Document): YamlError[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    range: { start: error.pos[0], end: error.pos[1] },
    message: `Cannot read the file as it must be YAML 1.2: ${error.message}`,
  }));
}

function secondDocument(document: Document): YamlError {
  const [start] = document.range ?? [0];
  return {
    range: { start, end: start + 3 },
    message: "Cannot read the file as it must be one YAML document: " +
      "a second one begins here",
  };
}

/** Keys that are refused, keys given twice, and numbers JSON has not. */
function refusedNodes(yaml: Yaml, document: Document): YamlError[] {
  const errors: YamlError[] = [];
  const refuse = (node: Node, message: string) => {
    const [start, end] = node.range ?? [0, 0];
    errors.push({ range: { start, end }, message });
  };
  yaml.visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== "number" || Number.isFinite(node.value)) return;
      const shown = quote(String(node.source));
      refuse(node, `Cannot read ${shown} as numbers must be finite`);
    },
    Map(_, node) {
      const seen = new Set<string>();
      for (const pair of node.items as Pair<Node, Node>[]) {
        const key = keyText(pair);
        const must = keyProblem(key, seen);
        if (must !== null) {
          refuse(pair.key, `Cannot read key ${quote(key)} as ${must}`);
        }
        seen.add(key);
      }
    },
  });
  return errors;
}

function keyProblem(key: string, seen: ReadonlySet<string>): string | null {
  if (key === "<<") return "workflow files must do without merge keys";
  if (key === "__proto__") return "this name is reserved";
  return seen.has(key)
    ? "keys of a map must be unique: it is there twice"
    : null;
}

function keyText({ key }: Pair<Node, Node>): string {
  return String((key as { value?: unknown }).value);
}
