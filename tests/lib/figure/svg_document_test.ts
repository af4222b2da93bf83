import {
  deepStrictEqual,
  match,
  notStrictEqual,
  strictEqual,
} from "node:assert/strict";
import * as fc from "fast-check";
import { h } from "preact";
import { XMLValidator } from "fast-xml-parser";
import { svgDocument } from "../../../lib/figure/svg_document.ts";
import { nodesOf, textsOf } from "./svg_text.ts";

const ABOUT = { id: "dot", title: "Dot", alt: "A dot.", width: 9, height: 7 };

Deno.test("svgDocument is XML whatever its words are", () => {
  fc.assert(fc.property(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "binary" }),
    (title, words) => {
      const about = { ...ABOUT, title, alt: words };
      const svg = svgDocument(about, () => h("text", null, words));
      strictEqual(XMLValidator.validate(svg), true);
      strictEqual(nodesOf(svg).length, 5);
      strictEqual(
        /\p{Cc}/u.test(svg.replaceAll(/[\t\n\r\x7f-\x9f]/g, "")),
        false,
      );
      strictEqual(svg.isWellFormed(), true);
    },
  ));
});

Deno.test("svgDocument tells its title and description to those who hear it", () => {
  const [root, title, desc] = nodesOf(svgDocument(ABOUT, () => null));
  strictEqual(root!.attributes.role, "img");
  deepStrictEqual(
    root!.attributes["aria-labelledby"]!.split(" "),
    [title!.attributes.id, desc!.attributes.id],
  );
  deepStrictEqual([title!.text, desc!.text], ["Dot", "A dot."]);
  deepStrictEqual(
    [root!.attributes.width, root!.attributes.viewBox],
    ["9", "0 0 9 7"],
  );
});

Deno.test("svgDocument has other ids when other things are drawn", () => {
  const idOf = (radius: number) => {
    const svg = svgDocument(ABOUT, () => h("circle", { r: radius }));
    return nodesOf(svg)[0]!.attributes.id;
  };
  strictEqual(idOf(1), idOf(1));
  notStrictEqual(idOf(1), idOf(2));
});

Deno.test("svgDocument follows the viewer's scheme, and any rule of a page", () => {
  const svg = svgDocument(
    ABOUT,
    (prefix) => h("text", { id: `${prefix}-a` }, "a"),
  );
  match(svg, /<style>:where\(#fig-dot-\w{8}\)\{color:#1f2328\}@media/);
  deepStrictEqual(textsOf(svg), ["a"]);
});
