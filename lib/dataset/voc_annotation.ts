/**
 * VOC annotation files: which objects a picture shows, and their boxes.
 *
 * Read as they are written, decimals and all: voc_boxes.ts turns corners into
 * boxes. The XML is untrusted: small, no document type, no entities.
 *
 * @module
 */
import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import type { Size } from "../geometry/size.ts";
import { UnreadableFileError } from "../image/unreadable_file.ts";
import { describeIssues } from "./_annotation_issues.ts";

/** Corners as in the file: px, 1-based, inclusive, possibly with decimals. */
export interface VocCorners {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

/** One annotated object. */
export interface VocObject {
  /** Class name, not checked against any list. */
  readonly name: string;
  readonly corners: VocCorners;
  /** "Frontal", "Left", …; `null` where the file has none. */
  readonly pose: string | null;
  /** Whether it goes on outside the picture or the box. */
  readonly truncated: boolean;
  /** Whether something else hides a part of it. */
  readonly occluded: boolean;
  /** Whether VOC leaves it out of its detection score. */
  readonly difficult: boolean;
}

/** One annotation file, with the size of its picture. */
export interface VocAnnotation extends Size {
  /** File name of the picture without extension; `null` where not said. */
  readonly imageId: string | null;
  /** In the order of the file. */
  readonly objects: readonly VocObject[];
}

/** Largest annotation file that is read; of 3,434 of VOC's, 14 KB is most. */
const MAX_BYTES = 1 << 20;

/** A plain decimal number: Number() alone takes "", "0x1f" and "Infinity". */
const DECIMAL = /^-?\d{1,9}(\.\d{1,30})?$/;
const Decimal = text(DECIMAL, "must be a decimal number").transform(Number);
const Side = text(/^[1-9]\d{0,8}$/, "must be a whole number of px, at least 1")
  .transform(Number);
const Flag = z.enum(["0", "1"], "must be 0 or 1").default("0")
  .transform((flag) => flag === "1");
const Name = text(/^[^&]+$/, "must be a text, not empty, without entities");
const OptionalName = text(/^[^&]*$/, "must be a text without entities")
  .optional();

/** Schemas say what must hold; {@link describeIssues} adds what was found. */
function text(pattern: RegExp, rule: string): z.ZodString {
  return z.string(rule).regex(pattern, rule);
}

const Elements = "must hold elements";

const AnnotationTree = z.object({
  annotation: z.object({
    filename: OptionalName,
    size: z.object({ width: Side, height: Side }, Elements),
    object: z.array(z.object({
      name: Name,
      pose: OptionalName,
      truncated: Flag,
      occluded: Flag,
      difficult: Flag,
      bndbox: z.object({
        xmin: Decimal,
        ymin: Decimal,
        xmax: Decimal,
        ymax: Decimal,
      }, Elements),
    }, Elements)).default([]),
  }, Elements),
});

const PARSER = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreAttributes: true,
  maxNestedTags: 16,
  isArray: (_name, path) => path === "annotation.object",
});

/**
 * Reads an annotation file. Missing flags are false; other elements, such as
 * the parts of a person, are left aside.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When it has more than 1 MiB, is not UTF-8 XML,
 * has a document type or entities, or lacks a size, name or corner.
 *
 * @example
 * ```ts
 * import { parseVocAnnotation } from "./voc_annotation.ts";
 * import { strictEqual } from "node:assert";
 *
 * const xml = `<annotation>
 *   <size><width>500</width><height>375</height></size>
 *   <object><name>dog</name><bndbox><xmin>123</xmin><ymin>115</ymin>
 *     <xmax>379</xmax><ymax>275</ymax></bndbox></object>
 * </annotation>`;
 * const annotation = parseVocAnnotation(new TextEncoder().encode(xml), "a.xml");
 * strictEqual(annotation.objects[0]?.corners.xmax, 379);
 * ```
 */
export function parseVocAnnotation(
  bytes: Uint8Array,
  path: string,
): VocAnnotation {
  const tree = parseXml(bytes, path);
  const parsed = AnnotationTree.safeParse(tree);
  if (!parsed.success) {
    throw unreadable(path, describeIssues(tree, parsed.error.issues));
  }
  const { filename, size, object } = parsed.data.annotation;
  const imageId = filename ? filename.replace(/\.[^.]*$/, "") : null;
  const objects = object.map(({ bndbox, pose, ...rest }) => (
    { ...rest, corners: bndbox, pose: pose || null }
  ));
  return { imageId, ...size, objects };
}

/**
 * Writes an annotation file that {@link parseVocAnnotation} reads back equal,
 * in VOC's layout; equal annotations give equal bytes.
 *
 * @throws {RangeError} When a text cannot stand in XML as it is, or a number
 * has no plain decimal form.
 *
 * @example
 * ```ts
 * import { formatVocAnnotation } from "./voc_annotation.ts";
 *
 * const bytes = formatVocAnnotation({
 *   imageId: "a", width: 500, height: 375, objects: [],
 * });
 * ```
 */
export function formatVocAnnotation(annotation: VocAnnotation): Uint8Array {
  const { imageId, width, height, objects } = annotation;
  const lines = [
    "<annotation>",
    ...(imageId === null ? [] : [`\t${element("filename", `${imageId}.jpg`)}`]),
    "\t<size>",
    `\t\t${element("width", width)}`,
    `\t\t${element("height", height)}`,
    `\t\t${element("depth", 3)}`,
    "\t</size>",
    ...objects.flatMap(formatObject),
    "</annotation>",
    "",
  ];
  return new TextEncoder().encode(lines.join("\n"));
}

function formatObject(object: VocObject): string[] {
  const { name, corners, pose, truncated, occluded, difficult } = object;
  return [
    "\t<object>",
    `\t\t${element("name", name)}`,
    ...(pose === null ? [] : [`\t\t${element("pose", pose)}`]),
    `\t\t${element("truncated", Number(truncated))}`,
    `\t\t${element("occluded", Number(occluded))}`,
    `\t\t${element("difficult", Number(difficult))}`,
    "\t\t<bndbox>",
    `\t\t\t${element("xmin", corners.xmin)}`,
    `\t\t\t${element("ymin", corners.ymin)}`,
    `\t\t\t${element("xmax", corners.xmax)}`,
    `\t\t\t${element("ymax", corners.ymax)}`,
    "\t\t</bndbox>",
    "\t</object>",
  ];
}

function element(tag: string, value: string | number): string {
  const text = String(value);
  if (typeof value === "number" && !DECIMAL.test(text)) {
    throw new RangeError(
      `Cannot write an annotation as <${tag}> must be a plain decimal ` +
        `number: ${text}`,
    );
  }
  if (text === "" || text !== text.trim() || /[&<>\p{Cc}]/u.test(text)) {
    throw new RangeError(
      `Cannot write an annotation as <${tag}> must hold plain text, without ` +
        `& < > and blanks at its ends: ${JSON.stringify(value)}`,
    );
  }
  return `<${tag}>${text}</${tag}>`;
}

function parseXml(bytes: Uint8Array, path: string): unknown {
  if (bytes.length > MAX_BYTES) {
    throw unreadable(path, `it has ${bytes.length} bytes, more than 1 MiB`);
  }
  let xml: string;
  try {
    xml = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, `it is not UTF-8: ${(error as Error).message}`);
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) {
    throw unreadable(path, "it has a document type, which is refused");
  }
  try {
    return PARSER.parse(xml, true);
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
}

function unreadable(path: string, found: string): UnreadableFileError {
  const rule = "it must be a VOC annotation";
  return new UnreadableFileError(path, { rule, found });
}
