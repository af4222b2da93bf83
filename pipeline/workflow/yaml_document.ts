/**
 * YAML as npm `yaml` reads it, with what workflow files may not use refused,
 * and the place of every key and value.
 *
 * The library is loaded when it is needed: for texts not read before, and for
 * the places of errors.
 *
 * @module
 */
import type { Document, Node, Pair } from "yaml";
import type { TextRange } from "./diagnostic.ts";
import type { Path } from "./problem.ts";
import {
  MAX_YAML_DEPTH,
  refuseTokens,
  type YamlError,
} from "./refused_tokens.ts";
import type { Json } from "./workflow.ts";
import { quote } from "./wording.ts";
import { WRONG } from "./wrong.ts";

export { MAX_YAML_DEPTH, type YamlError };

/** A text read as YAML. */
export type YamlResult =
  | { readonly ok: true; readonly document: YamlDocument }
  | {
    readonly ok: false;
    readonly errors: readonly YamlError[];
    /** What is wrong in it marked; null when its tree cannot be relied on. */
    readonly document: YamlDocument | null;
  };

const COMPOSE = {
  version: "1.2",
  schema: "core",
  strict: true,
  stringKeys: true,
  uniqueKeys: false, // quadratic in npm `yaml`; done by `refusedNodes`
  merge: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** Reads a text as one YAML 1.2 document, strictly. */
export async function readYaml(text: string): Promise<YamlResult> {
  const yaml = await import("yaml");
  const tokens = [...new yaml.Parser().parse(text)];
  const refused = refuseTokens(tokens);
  if (refused.isTooDeep) {
    return { ok: false, errors: refused.errors, document: null };
  }
  const composer = new yaml.Composer(COMPOSE);
  const documents = [...composer.compose(
    tokens.filter(({ type }) => type !== "directive"),
    true,
    text.length,
  )];
  const [document] = documents;
  if (document === undefined) throw new Error("Internal error: no document");
  const syntax = documents.flatMap(syntaxErrors);
  if (documents[1] !== undefined) syntax.push(secondDocument(documents[1]));
  if (syntax.length > 0) {
    return { ok: false, errors: refused.errors.concat(syntax), document: null };
  }
  const wrong = new Set<unknown>();
  const errors = refused.errors.concat(
    refusedNodes(yaml, document, refused.wrongAt, wrong),
  );
  const read = new YamlDocument(yaml, document, text, wrong);
  return errors.length > 0
    ? { ok: false, errors, document: read }
    : { ok: true, document: read };
}

/**
 * The value of a scalar on one line or of a flow collection, undefined for
 * anything else. What JSON reads alike is read without the library.
 */
export async function readYamlValue(text: string): Promise<Json | undefined> {
  if (JSON_SCALAR.test(text)) return JSON.parse(text);
  const isFlow = /^\s*[[{]/.test(text);
  if (text.includes("\n") && !isFlow) return undefined;
  const read = await readYaml(text);
  return read.ok && !read.document.isBlock ? read.document.value() : undefined;
}

/** Booleans and short numbers, which no reader takes for infinite. */
const JSON_SCALAR =
  /^(true|false|-?(0|[1-9]\d{0,15})(\.\d{1,20})?(e-?\d\d?)?)$/;

type Yaml = typeof import("yaml");

/** A document; values and pairs that are wrong are known. */
export class YamlDocument {
  readonly #yaml: Yaml;
  readonly #document: Document;
  readonly #wrong: ReadonlySet<unknown>;

  constructor(
    yaml: Yaml,
    document: Document,
    readonly text: string,
    wrong: ReadonlySet<unknown>,
  ) {
    this.#yaml = yaml;
    this.#document = document;
    this.#wrong = wrong;
  }

  /** Whether its outermost map or list is written without brackets. */
  get isBlock(): boolean {
    const { contents } = this.#document;
    return this.#yaml.isCollection(contents) && !contents.flow;
  }

  /** The document as a JSON value, with `WRONG` where it is wrong. */
  value(): Json {
    return this.#wrong.size === 0
      ? this.#document.toJS()
      : this.#valueOf(this.#document.contents as Node | null);
  }

  #valueOf(node: Node | null): Json {
    if (this.#wrong.has(node)) return WRONG;
    if (this.#yaml.isSeq<Node>(node)) {
      return node.items.map((item) => this.#valueOf(item));
    }
    if (!this.#yaml.isMap<Node, Node>(node)) {
      return this.#yaml.isScalar(node) ? node.value as Json : null;
    }
    const pairs = node.items.filter((pair) => keyText(pair) !== "__proto__");
    return Object.fromEntries(pairs.map((pair) => [
      keyText(pair),
      this.#wrong.has(pair) ? WRONG : this.#valueOf(pair.value),
    ]));
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

/**
 * Keys that are refused, keys given twice, and numbers JSON has not. What is
 * not known because of them is added to `wrong`: with a key given twice, its
 * value; with a merge key, the whole map.
 */
function refusedNodes(
  yaml: Yaml,
  document: Document,
  wrongAt: ReadonlySet<number>,
  wrong: Set<unknown>,
): YamlError[] {
  const errors: YamlError[] = [];
  const refuse = (node: Node, message: string) => {
    const [start, end] = node.range ?? [0, 0];
    errors.push({ range: { start, end }, message });
  };
  yaml.visit(document, {
    Scalar(_, node) {
      if (wrongAt.has(node.range?.[0] ?? -1)) wrong.add(node);
      if (typeof node.value !== "number" || Number.isFinite(node.value)) return;
      wrong.add(node);
      const shown = quote(String(node.source));
      refuse(node, `Cannot read ${shown} as numbers must be finite`);
    },
    Map(_, node) {
      const seen = new Map<string, Pair>();
      for (const pair of node.items as Pair<Node, Node>[]) {
        const key = keyText(pair);
        const must = keyProblem(key, seen);
        if (must !== null) {
          refuse(pair.key, `Cannot read key ${quote(key)} as ${must}`);
          wrong.add(key === "<<" ? node : pair).add(seen.get(key) ?? pair);
        }
        seen.set(key, seen.get(key) ?? pair);
      }
    },
  });
  return errors;
}

function keyProblem(
  key: string,
  seen: ReadonlyMap<string, Pair>,
): string | null {
  if (key === "<<") return "the file must do without merge keys";
  if (key === "__proto__") return "this name is reserved";
  return seen.has(key)
    ? "keys of a map must be unique: it is there twice"
    : null;
}

function keyText({ key }: Pair<Node, Node>): string {
  return String((key as { value?: unknown }).value);
}
