import { deepStrictEqual, ok, throws } from "node:assert/strict";
import {
  BANA_CRF,
  denseCrf,
  type DenseCrfOptions,
  WSSL_BOX_CRF,
} from "../../../lib/crf/dense_crf.ts";
import { openPictureCrf } from "../../../lib/crf/picture_crf.ts";
import { noisePicture } from "./crf_pictures.ts";

const SIZE = { width: 37, height: 21 };
const { image } = noisePicture(1, SIZE);

/** Of labels that come and go, so that arrays change their places. */
const UNARIES = [2, 5, 2, 21, 1, 3].map((labelCount, seed) =>
  noisePicture(seed, { ...SIZE, labelCount }).unary
);

function builtCounts(options: DenseCrfOptions): number[] {
  const counts: number[] = [];
  using picture = openPictureCrf(image, {
    ...options,
    onEvent: (event) => {
      if (event.type === "built") counts.push(event.vertexCount);
    },
  });
  for (const unary of UNARIES) {
    deepStrictEqual(picture.run(unary), denseCrf(image, unary, options));
  }
  return counts;
}

Deno.test("a picture gives for each unary what denseCrf gives", () => {
  for (const options of [BANA_CRF, WSSL_BOX_CRF]) {
    const counts = builtCounts(options);
    ok(counts.length === 5 && counts[0]! > 0, `${counts}`);
    deepStrictEqual(new Set(counts).size, 1);
  }
});

Deno.test("a picture does so without one of the terms, and without iterations", () => {
  for (
    const change of [
      { appearanceWeight: 0 },
      { smoothnessWeight: 0 },
      { iterations: 0 },
      { stopEarly: true },
    ]
  ) builtCounts({ ...BANA_CRF, ...change });
});

Deno.test("two open pictures do not disturb each other", () => {
  const other = noisePicture(7, { width: 20, height: 33, labelCount: 4 });
  using first = openPictureCrf(image, BANA_CRF);
  using second = openPictureCrf(other.image, WSSL_BOX_CRF);
  for (const unary of UNARIES) {
    deepStrictEqual(first.run(unary), denseCrf(image, unary, BANA_CRF));
    deepStrictEqual(
      second.run(other.unary),
      denseCrf(other.image, other.unary, WSSL_BOX_CRF),
    );
  }
});

Deno.test("a picture survives a unary that it refuses", () => {
  using picture = openPictureCrf(image, BANA_CRF);
  const [unary] = UNARIES;
  const broken = { ...unary!, data: unary!.data.with(40, NaN) };
  for (let i = 0; i < 2; i++) {
    throws(() => picture.run(broken), RangeError);
    deepStrictEqual(picture.run(unary!), denseCrf(image, unary!, BANA_CRF));
  }
  const other = noisePicture(1, { width: 3, height: 3 }).unary;
  throws(() => picture.run(other), {
    message: "Cannot run the dense CRF as image and unary must be of one " +
      "size: image is 37 × 21, unary is 3 × 3",
  });
});

Deno.test("a picture that is disposed of runs no more", () => {
  const picture = openPictureCrf(image, BANA_CRF);
  picture[Symbol.dispose]();
  throws(() => picture.run(UNARIES[0]!), {
    message: "Cannot run the dense CRF as its picture must be open: it was " +
      "disposed of",
  });
});

Deno.test("a picture checks the memory of each unary", () => {
  using picture = openPictureCrf(image, {
    ...BANA_CRF,
    memoryLimit: 1.5 * 2 ** 20,
  });
  picture.run(UNARIES[0]!);
  const many = noisePicture(1, { ...SIZE, labelCount: 255 }).unary;
  throws(
    () => picture.run(many),
    /^RangeError: Cannot run the dense CRF as it must need at most 1.5 MiB of memory: 37 × 21 pixels and 255 labels.* need \d/,
  );
  deepStrictEqual(
    picture.run(UNARIES[1]!),
    denseCrf(image, UNARIES[1]!, BANA_CRF),
  );
});
