import { strictEqual } from "node:assert/strict";
import { attentionTable } from "../../../lib/report/attention_table.ts";

Deno.test("attentionTable shows means, then each class of models with a map a class", () => {
  const ball = { iou: 0.625, openIou: 0.25, inside: 0.9, outside: 0.125 };
  const none = { iou: null, openIou: null, inside: null, outside: 0.5 };
  const page = attentionTable({
    title: "Attention",
    imageCount: 100,
    seedCount: 3,
    classNames: ["ball", "bar"],
    results: [
      { variant: "bcm", mean: ball, ofMaps: [ball, none] },
      { variant: "bgm", mean: ball, ofMaps: [ball] },
    ],
  });
  strictEqual(
    page,
    `# Attention

On 100 pictures, means over 3 seeds.

|  | IoU with boxes, % | if open everywhere | inside | outside |
| --- | ---: | ---: | ---: | ---: |
| BGM | 62.5 | 25.0 | 0.90 | 0.13 |
| BCM | 62.5 | 25.0 | 0.90 | 0.13 |

- IoU with boxes: of the cells where a map is over 0.5 with those on which
  a box of its class lies, in pictures that have the class; mean over
  classes, background left out
- inside, outside: mean of the maps there, 0 to 1; outside in all pictures

## Each class

IoU with boxes, %:

| class | BCM |
| --- | ---: |
| ball | 62.5 |
| bar | – |
`,
  );
});
