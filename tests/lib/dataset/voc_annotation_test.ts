import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  formatVocAnnotation,
  parseVocAnnotation,
  type VocAnnotation,
} from "../../../lib/dataset/voc_annotation.ts";

const DOG = `<object><name>dog</name><bndbox><xmin>123</xmin><ymin>115</ymin>` +
  `<xmax>379</xmax><ymax>275</ymax></bndbox></object>`;
const SIZE = `<size><width>500</width><height>375</height></size>`;

function parse(xml: string): VocAnnotation {
  return parseVocAnnotation(new TextEncoder().encode(xml), "a.xml");
}

function refuses(xml: string, found: string | RegExp): void {
  const start = 'Cannot read "a.xml" as it must be a VOC annotation: ';
  throws(() => parse(xml), (error: Error) => {
    strictEqual(error.name, "UnreadableFileError");
    strictEqual(error.message.slice(0, start.length), start);
    const rest = error.message.slice(start.length);
    if (typeof found === "string") strictEqual(rest, found);
    else strictEqual(found.test(rest), true, rest);
    return true;
  });
}

Deno.test("parseVocAnnotation reads VOC's own layout", () => {
  const annotation = parse(`<?xml version="1.0"?>
<annotation>
	<folder>VOC2012</folder>
	<filename>2011_003353.jpg</filename>
	<source><image>flickr</image></source>
	<size>
		<width>375</width>
		<height>500</height>
		<depth>3</depth>
	</size>
	<segmented>1</segmented>
	<object>
		<name>person</name>
		<pose>Frontal</pose>
		<truncated>1</truncated>
		<occluded>0</occluded>
		<difficult>1</difficult>
		<bndbox>
			<xmax>333.5</xmax>
			<xmin>45.70000076293945</xmin>
			<ymin>1</ymin>
			<ymax>500</ymax>
		</bndbox>
		<part>
			<name>head</name>
			<bndbox><xmin>2</xmin><ymin>3</ymin><xmax>4</xmax><ymax>5</ymax></bndbox>
		</part>
	</object>
</annotation>
`);
  deepStrictEqual(annotation, {
    imageId: "2011_003353",
    width: 375,
    height: 500,
    objects: [{
      name: "person",
      pose: "Frontal",
      truncated: true,
      occluded: false,
      difficult: true,
      corners: { xmin: 45.70000076293945, ymin: 1, xmax: 333.5, ymax: 500 },
    }],
  });
});

Deno.test("parseVocAnnotation fills in flags, pose and file name that are missing", () => {
  const { imageId, objects } = parse(
    `<annotation>${SIZE}${DOG}${DOG}</annotation>`,
  );
  strictEqual(imageId, null);
  strictEqual(objects.length, 2);
  const { pose, truncated, occluded, difficult } = objects[0]!;
  deepStrictEqual(
    [pose, truncated, occluded, difficult],
    [null, false, false, false],
  );
});

Deno.test("parseVocAnnotation takes an image without objects and a byte order mark", () => {
  deepStrictEqual(parse(`\uFEFF<annotation>${SIZE}</annotation>`).objects, []);
});

Deno.test("parseVocAnnotation keeps names as text, however they look", () => {
  const named = DOG.replace("dog", "007");
  const { objects } = parse(`<annotation>${SIZE}${named}</annotation>`);
  strictEqual(objects[0]?.name, "007");
});

Deno.test("parseVocAnnotation says which element is wrong, and what it is", () => {
  refuses(
    `<annotation>${DOG}</annotation>`,
    "size must hold elements: it is missing",
  );
  const decimal = "xmin of object 1 must be a decimal number";
  const cases: [string, string, string][] = [
    ["123", "12x", `${decimal}: it is "12x"`],
    ["123", "0x1f", `${decimal}: it is "0x1f"`],
    ["123", "1e5", `${decimal}: it is "1e5"`],
    ["123", "x".repeat(99), `${decimal}: it is "${"x".repeat(40)}"`],
    ["<xmin>123</xmin>", "", `${decimal}: it is missing`],
    [
      "500",
      "0",
      'width must be a whole number of px, at least 1: it is "0"',
    ],
    [
      "</name>",
      "</name><name>cat</name>",
      "name of object 1 must be a text, not empty, without entities: it is there 2 times",
    ],
    [
      "dog",
      "<b>dog</b>",
      "name of object 1 must be a text, not empty, without entities: it holds other " +
      "elements",
    ],
    [
      "</name>",
      "</name><difficult>2</difficult>",
      'difficult of object 1 must be 0 or 1: it is "2"',
    ],
    [
      "dog",
      "",
      'name of object 1 must be a text, not empty, without entities: it is ""',
    ],
    [DOG, "<object>1</object>", 'object 1 must hold elements: it is "1"'],
  ];
  for (const [from, to, found] of cases) {
    const xml = `<annotation>${SIZE}${DOG}</annotation>`.replace(from, to);
    refuses(xml, found);
  }
});

Deno.test("parseVocAnnotation tells all elements that are wrong", () => {
  const second = DOG.replace("115", "").replace("dog", "&amp;");
  refuses(
    `<annotation>${SIZE.replace("375", "-1")}${DOG}${second}</annotation>`,
    'height must be a whole number of px, at least 1: it is "-1"; ' +
      'name of object 2 must be a text, not empty, without entities: it is "&amp;"; ' +
      'ymin of object 2 must be a decimal number: it is ""',
  );
  const empty = DOG.replace("<xmin>123</xmin>", "").repeat(7);
  refuses(`<annotation>${SIZE}${empty}</annotation>`, / and 2 more$/);
});

Deno.test("parseVocAnnotation refuses what is no XML", () => {
  refuses("", /./);
  refuses("2007_000063", /./);
  refuses(`<annotation>${SIZE}`, /annotation/);
  refuses(`<annotation>${SIZE}${DOG.slice(0, -9)}</annotation>`, /object/);
  refuses("<html></html>", "annotation must hold elements: it is missing");
  refuses("<a>".repeat(40) + "</a>".repeat(40), /nested/i);
});

Deno.test("parseVocAnnotation refuses document types and entities", () => {
  const bomb =
    `<!DOCTYPE a [<!ENTITY a "dog">]><annotation>${SIZE}</annotation>`;
  refuses(bomb, "it has a document type, which is refused");
  refuses(
    `<annotation>${SIZE}${DOG.replace("dog", "&a;")}</annotation>`,
    'name of object 1 must be a text, not empty, without entities: it is "&a;"',
  );
});

Deno.test("parseVocAnnotation refuses large files and other encodings", () => {
  refuses(
    " ".repeat(1024 * 1024 + 1),
    "it has 1048577 bytes, more than 1 MiB",
  );
  const latin = Uint8Array.of(0x3c, 0xe9, 0x3e);
  throws(() => parseVocAnnotation(latin, "a.xml"), /it is not UTF-8: /);
});

Deno.test("formatVocAnnotation writes VOC's layout", () => {
  const { objects } = parse(`<annotation>${SIZE}${DOG}</annotation>`);
  const bytes = formatVocAnnotation({
    ...{ imageId: "a", width: 500, height: 375 },
    objects,
  });
  strictEqual(
    new TextDecoder().decode(bytes),
    `<annotation>
	<filename>a.jpg</filename>
	<size>
		<width>500</width>
		<height>375</height>
		<depth>3</depth>
	</size>
	<object>
		<name>dog</name>
		<truncated>0</truncated>
		<occluded>0</occluded>
		<difficult>0</difficult>
		<bndbox>
			<xmin>123</xmin>
			<ymin>115</ymin>
			<xmax>379</xmax>
			<ymax>275</ymax>
		</bndbox>
	</object>
</annotation>
`,
  );
});

Deno.test("parseVocAnnotation reads back what formatVocAnnotation writes", () => {
  const text = fc.stringMatching(
    /^[\p{L}\d](?:[\p{L}\d ._-]{0,8}[\p{L}\d])?$/u,
  );
  const corner = fc.integer({ min: -9999, max: 9999 }).map((n) => n / 8);
  const object = fc.record({
    name: text,
    pose: fc.option(text),
    truncated: fc.boolean(),
    occluded: fc.boolean(),
    difficult: fc.boolean(),
    corners: fc.record({
      xmin: corner,
      ymin: corner,
      xmax: corner,
      ymax: corner,
    }),
  });
  const annotation = fc.record({
    imageId: fc.option(fc.stringMatching(/^[a-z0-9_]{1,8}$/)),
    width: fc.integer({ min: 1, max: 9999 }),
    height: fc.integer({ min: 1, max: 9999 }),
    objects: fc.array(object, { maxLength: 4 }),
  }, { noNullPrototype: true });
  fc.assert(fc.property(annotation, (written) => {
    const read = parseVocAnnotation(formatVocAnnotation(written), "a.xml");
    deepStrictEqual(read, structuredClone(written));
  }));
});

Deno.test("formatVocAnnotation refuses text that XML would need escaped", () => {
  const annotation = { width: 1, height: 1, objects: [] };
  for (const imageId of ["a&b", "<a", " a", "a\tb"]) {
    throws(() => formatVocAnnotation({ ...annotation, imageId }), {
      name: "RangeError",
      message: "Cannot write an annotation as <filename> must hold plain " +
        "text, without & < > and blanks at its ends: " +
        JSON.stringify(`${imageId}.jpg`),
    });
  }
});

Deno.test("formatVocAnnotation refuses numbers it could not read back", () => {
  for (const xmin of [NaN, Infinity, 1e-7, 1e21]) {
    const corners = { xmin, ymin: 1, xmax: 1, ymax: 1 };
    const flags = { truncated: false, occluded: false, difficult: false };
    const dog = { name: "dog", pose: null, corners, ...flags };
    const annotation = { imageId: "a", width: 1, height: 1, objects: [dog] };
    throws(() => formatVocAnnotation(annotation), {
      name: "RangeError",
      message: "Cannot write an annotation as <xmin> must be a plain decimal " +
        `number: ${xmin}`,
    });
  }
});
