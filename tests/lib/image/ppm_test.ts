import { deepStrictEqual, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { imageSize } from "../../../lib/image/image_size.ts";
import { decodePpm } from "../../../lib/image/ppm.ts";

/** A file of a header and samples. */
function ppm(header: string, samples: readonly number[]): Uint8Array {
  return Uint8Array.from([...new TextEncoder().encode(header), ...samples]);
}

function rejects(bytes: Uint8Array, message: string): void {
  throws(() => decodePpm(bytes, "a.ppm"), {
    name: "UnreadableFileError",
    message: `Cannot read "a.ppm" as ${message}`,
  });
}

const HEADER_RULE = 'it must be a PPM with a header "P6 WIDTH HEIGHT MAXIMUM"';

Deno.test("decodePpm gives back the samples of any picture", () => {
  const picture = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(8))
    .chain(([width, more]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(more + 1),
        samples: fc.array(fc.integer({ min: 0, max: 255 }), {
          minLength: 3 * width * (more + 1),
          maxLength: 3 * width * (more + 1),
        }),
      })
    );
  fc.assert(fc.property(picture, ({ width, height, samples }) => {
    const bytes = ppm(`P6\n${width} ${height}\n255\n`, samples);
    const data = Uint8Array.from(samples);
    deepStrictEqual(decodePpm(bytes, "a"), { width, height, data });
    deepStrictEqual(imageSize(bytes, "a"), { width, height });
  }));
});

Deno.test("decodePpm reads comments, and samples that look like white space", () => {
  const header = "P6 # GIMP\n# 9 9\n 2\t#wide\r1 \n255\n";
  const samples = [10, 35, 32, 10, 10, 13];
  deepStrictEqual([...decodePpm(ppm(header, samples), "a").data], samples);
});

Deno.test("decodePpm stretches samples of a lower maximum", () => {
  const bytes = ppm("P6 2 1 6 ", [0, 1, 2, 3, 5, 6]);
  deepStrictEqual(
    [...decodePpm(bytes, "a").data],
    [0, 43, 85, 128, 213, 255],
  );
  rejects(
    ppm("P6 1 1 6 ", [0, 7, 0]),
    "its samples must be at most 6, as its header says: one is 7",
  );
});

Deno.test("decodePpm says how many bytes of pixels are missing or too many", () => {
  const rule = "it must be one whole PPM: 2 × 1 px are 6 bytes: ";
  rejects(ppm("P6 2 1 255\n", [1, 2]), `${rule}2 come after its header`);
  rejects(
    ppm("P6 2 1 255\n", [1, 2, 3, 4, 5, 6, 7]),
    `${rule}7 come after its header`,
  );
});

Deno.test("decodePpm refuses two bytes a sample and absurd sizes", () => {
  rejects(
    ppm("P6 1 1 65535\n", [0, 0, 0, 0, 0, 0]),
    "it must be a PPM of one byte a sample, at most 255: its largest sample " +
      "is 65535",
  );
  rejects(
    ppm("P6 100000 100000 255\n", []),
    "it must have at most 40 megapixels: it is 100000 × 100000 px",
  );
  rejects(ppm("P6 0 4 255\n", []), `${HEADER_RULE}: its size is 0 × 4 px`);
  for (const maximum of [0, 65536]) {
    rejects(
      ppm(`P6 1 1 ${maximum}\n`, [0, 0, 0]),
      `${HEADER_RULE}: its largest sample is ${maximum}`,
    );
  }
});

Deno.test("decodePpm refuses headers that are none, showing their start", () => {
  rejects(ppm("", []), `${HEADER_RULE}: it begins with "", 0 bytes`);
  rejects(
    ppm("P3 1 1 255\n1 2 3\n", []),
    `${HEADER_RULE}: it begins with "P3 1 1 255\\n1 2 3\\n", 17 bytes`,
  );
  for (
    const header of [
      "P6",
      "P61 1 255\n",
      "P6 1\n",
      "P6 1 1\n",
      "P6 1 1 255",
      "P6 -1 1 255\n",
      "P6 1.5 1 255\n",
      "P6 9999999999 1 255\n",
      "P6 # 1 1 255",
    ]
  ) {
    throws(() => decodePpm(ppm(header, []), "a"), {
      message: `Cannot read "a" as ${HEADER_RULE}: it begins with ` +
        `${JSON.stringify(header)}, ${header.length} bytes`,
    });
  }
});

Deno.test("decodePpm throws nothing else, whatever the bytes", () => {
  const start = fc.constantFrom("", "P6", "P6 1 1 255\n", "P6 #");
  fc.assert(fc.property(start, fc.uint8Array(), (text, rest) => {
    try {
      decodePpm(ppm(text, [...rest]), "a");
    } catch (error) {
      deepStrictEqual((error as Error).name, "UnreadableFileError");
    }
  }));
});
