import { deepStrictEqual } from "node:assert/strict";
import { MAX_CHANNELS } from "../../../../lib/crf/feature_image.ts";
import {
  KEY_ADDRESSES,
  PASS,
  STRIP_PX,
} from "../../../../lib/crf/kernel/kernel.ts";
import { BLUR_SIDE } from "../../../../lib/crf/lattice_shape.ts";

const ASSEMBLY = new URL(
  "../../../../lib/crf/kernel/assembly/",
  import.meta.url,
);

/** The numbers and fractions that a source of the kernel gives names to. */
function constantsOf(file: string): Record<string, number> {
  const text = Deno.readTextFileSync(new URL(file, ASSEMBLY));
  const found = text.matchAll(
    /^(?:export )?const (\w+): \w+ = ([\d.]+)(?: \/ ([\d.]+))?;$/gm,
  );
  return Object.fromEntries(
    [...found].map(([, name, value, divisor]) => [
      name,
      Number(value) / Number(divisor ?? 1),
    ]),
  );
}

Deno.test("TypeScript and the kernel agree on addresses, passes, sizes and blurs", () => {
  const { SCALES, MULTIPLIERS, STEPS, MAX_DIMENSION } = constantsOf(
    "addresses.ts",
  );
  deepStrictEqual(
    { scales: SCALES, multipliers: MULTIPLIERS, steps: STEPS },
    KEY_ADDRESSES,
  );
  deepStrictEqual(MAX_DIMENSION, MAX_CHANNELS + 2);
  const { FIRST, MIDDLE, LAST } = constantsOf("two_labels.ts");
  deepStrictEqual({ first: FIRST, middle: MIDDLE, last: LAST }, PASS);
  deepStrictEqual(constantsOf("simplex.ts").STRIP, STRIP_PX);
  deepStrictEqual(constantsOf("runs.ts").SIDE, BLUR_SIDE);
});
