import { match, strictEqual } from "node:assert/strict";
import { markdownHtml } from "../../../lib/page/markdown_html.ts";

Deno.test("markdownHtml shows HTML as text and runs no address", () => {
  const html = markdownHtml(
    "<script>x</script> [a](javascript:x) ![b](http://x/y.png)",
    "a",
  );
  strictEqual(
    html,
    "<p>&lt;script&gt;x&lt;/script&gt; [a](javascript:x) " +
      '!<a href="http://x/y.png">b</a></p>\n',
  );
});

Deno.test("markdownHtml marks columns of numbers without a style", () => {
  const html = markdownHtml("| a | % |\n| --- | ---: |\n| b | 1 |", 'x"y');
  match(html, /aria-label="Table: x&quot;y"><table>/);
  match(
    html,
    /<th scope="col">a<\/th>\n<th scope="col" class="number">%<\/th>/,
  );
  match(html, /<td>b<\/td>\n<td class="number">1<\/td>/);
});
