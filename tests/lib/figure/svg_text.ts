/**
 * What an SVG says, read as XML.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";
import { XMLParser, XMLValidator } from "fast-xml-parser";

/** Its texts in the order in which they are drawn; refuses what is no XML. */
export function textsOf(svg: string): string[] {
  strictEqual(XMLValidator.validate(svg), true);
  return nodesOf(svg).filter(({ name }) => name === "text")
    .map(({ text }) => text);
}

/** An element without its children. */
export interface SvgNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of it and of all in it. */
  readonly text: string;
}

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
});

/** All elements in document order. */
export function nodesOf(svg: string): SvgNode[] {
  return walk(PARSER.parse(svg));
}

type Raw = Record<string, unknown>;

function walk(raws: readonly Raw[]): SvgNode[] {
  return raws.flatMap((raw) => {
    const [name] = Object.keys(raw).filter((key) => key !== ":@");
    if (name === undefined || name === "#text") return [];
    const children = raw[name] as Raw[];
    const attributes = (raw[":@"] ?? {}) as Record<string, string>;
    return [{ name, attributes, text: textIn(children) }, ...walk(children)];
  });
}

function textIn(raws: readonly Raw[]): string {
  return raws.map((raw) => {
    if ("#text" in raw) return `${raw["#text"]}`;
    const [name] = Object.keys(raw).filter((key) => key !== ":@");
    return textIn(raw[name!] as Raw[]);
  }).join("");
}
