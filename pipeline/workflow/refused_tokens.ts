/**
 * What YAML has and workflow files may not have, found before anything is
 * built: a few lines of aliases can stand for more values than fit into memory.
 *
 * @module
 */
import type { CST } from "yaml";
import type { TextRange } from "./diagnostic.ts";
import { quote } from "./wording.ts";

/** One error of a YAML text. */
export interface YamlError {
  readonly range: TextRange;
  readonly message: string;
}

/** Levels of lists and maps in each other. */
export const MAX_YAML_DEPTH = 100;

/** Tokens that workflow files may not have, and what they are. */
const REFUSED_TOKENS: Readonly<Record<string, string>> = {
  anchor: "anchors",
  alias: "aliases",
  tag: "tags",
  directive: "directives",
};

/** What is refused of a text. */
export interface Refused {
  readonly errors: YamlError[];
  /** Offsets of values that are not known: aliases, and what has a tag. */
  readonly wrongAt: ReadonlySet<number>;
  /** Whether nothing can be built of the tokens. */
  readonly isTooDeep: boolean;
}

/** Finds refused tokens and too deep nesting, and takes the tokens out. */
export function refuseTokens(tokens: CST.Token[]): Refused {
  const errors: YamlError[] = [];
  const wrongAt = new Set<number>();
  const open: { token: CST.Token; depth: number }[] = tokens.toReversed().map(
    (token) => ({ token, depth: 0 }),
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    const refused = REFUSED_TOKENS[token.type];
    if (refused !== undefined) errors.push(refusedToken(token, refused));
    if (depth > MAX_YAML_DEPTH) {
      return { errors: [tooDeep(token)], wrongAt, isTooDeep: true };
    }
    const inner = "items" in token ? depth + 1 : depth;
    for (const child of childrenOf(token).reverse()) {
      open.push({ token: child, depth: inner });
    }
    takeOut(token, wrongAt);
  }
  return { errors, wrongAt, isTooDeep: false };
}

function refusedToken(token: CST.Token, refused: string): YamlError {
  const source = "source" in token ? token.source : "";
  return {
    range: { start: token.offset, end: token.offset + source.length },
    message: `Cannot read ${quote(source)} as the file must do without ` +
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

/** What stands before a value, and the value. */
interface Owner {
  start: CST.SourceToken[];
  key?: CST.Token | null;
  sep?: CST.SourceToken[];
  value?: CST.Token;
}

function takeOut(token: CST.Token, wrongAt: Set<number>): void {
  if (token.type === "document") takeOutOf(token as Owner, wrongAt);
  if (!("items" in token)) return;
  for (const item of token.items) takeOutOf(item as Owner, wrongAt);
}

function takeOutOf(owner: Owner, wrongAt: Set<number>): void {
  const before = owner.sep ?? owner.start;
  const tag = before.find(({ type }) => type === "tag");
  if (tag !== undefined || owner.value?.type === "alias") {
    const offset = owner.value?.offset ?? tag?.offset ?? 0;
    owner.value = { type: "scalar", offset, indent: 0, source: "x" };
    wrongAt.add(offset);
  }
  if (owner.start.some(isRefused)) owner.start = owner.start.filter(isKept);
  if (owner.sep?.some(isRefused)) owner.sep = owner.sep.filter(isKept);
  if (owner.key?.type === "alias") {
    owner.key = { ...owner.key, type: "scalar" } as CST.FlowScalar;
  }
}

function isRefused({ type }: CST.Token): boolean {
  return REFUSED_TOKENS[type] !== undefined;
}

function isKept(token: CST.Token): boolean {
  return !isRefused(token);
}
