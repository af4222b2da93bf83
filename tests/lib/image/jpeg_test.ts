import {
  deepStrictEqual,
  notDeepStrictEqual,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { RgbImage } from "../../../lib/image/image.ts";
import { imageSize } from "../../../lib/image/image_size.ts";
import { decodeJpeg, encodeJpeg } from "../../../lib/image/jpeg.ts";
import { seededRandom } from "../../../lib/random.ts";

/** Two fields of colour with some noise: 64 × 48 px, left half reddish. */
function drawHalves(): RgbImage {
  const random = seededRandom(1);
  const data = new Uint8Array(64 * 48 * 3);
  for (let p = 0; p < 64 * 48; p++) {
    const isLeft = p % 64 < 32;
    data[p * 3] = (isLeft ? 200 : 40) + random.below(8);
    data[p * 3 + 1] = 60 + random.below(8);
    data[p * 3 + 2] = (isLeft ? 50 : 180) + random.below(8);
  }
  return { width: 64, height: 48, data };
}

/** A grey 2 × 1 JPEG, one channel, values about 10 and 245. */
const GREY_JPEG = Uint8Array.fromBase64(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAICAgICAgICAgIDAwIDAwQDAwMDBAYEBAQEBA" +
    "YJBQYFBQYFCQgJBwcHCQgOCwkJCw4QDQwNEBMRERMYFxgfHyr/wAALCAABAAIBAREA/8QA" +
    "LAABAAAAAAAAAAAAAAAAAAAACRAAAQUBAAAAAAAAAAAAAAAACAADBjh3tf/aAAgBAQAAPw" +
    "BXhcrKOuYxHlML/9k=",
);

const HALVES = drawHalves();
const HALVES_JPEG = await encodeJpeg(HALVES, 90);

function rejectsWith(bytes: Uint8Array, message: string): Promise<void> {
  return rejects(decodeJpeg(bytes, "a.jpg"), {
    name: "UnreadableFileError",
    message: `Cannot read "a.jpg" as ${message}`,
  });
}

function insert(bytes: Uint8Array, at: number, added: number[]): Uint8Array {
  return Uint8Array.from([
    ...bytes.subarray(0, at),
    ...added,
    ...bytes.subarray(at),
  ]);
}

Deno.test({
  name: "decodeJpeg and encodeJpeg need no permissions",
  permissions: "none",
  async fn() {
    await decodeJpeg(await encodeJpeg(HALVES, 90), "a.jpg");
  },
});

Deno.test("decodeJpeg gives back what encodeJpeg was given, nearly", async () => {
  const { width, height, data } = await decodeJpeg(HALVES_JPEG, "a.jpg");
  deepStrictEqual([width, height, data.length], [64, 48, HALVES.data.length]);
  const off = data.map((value, i) => Math.abs(value - HALVES.data[i]!));
  ok(off.reduce((sum, value) => sum + value) / off.length < 4);
});

Deno.test("encodeJpeg gives equal bytes, decodeJpeg equal pixels", async () => {
  deepStrictEqual(await encodeJpeg(HALVES, 90), HALVES_JPEG);
  notDeepStrictEqual(await encodeJpeg(HALVES, 50), HALVES_JPEG);
  deepStrictEqual(
    await decodeJpeg(HALVES_JPEG, "a.jpg"),
    await decodeJpeg(HALVES_JPEG, "b.jpg"),
  );
});

Deno.test("decodeJpeg repeats the value of a grey picture", async () => {
  const { width, height, data } = await decodeJpeg(GREY_JPEG, "a.jpg");
  deepStrictEqual([width, height], [2, 1]);
  strictEqual(data[0], data[1]);
  strictEqual(data[0], data[2]);
  ok(data[0]! < 30 && data[3]! > 225);
});

Deno.test("decodeJpeg refuses a picture cut short", async () => {
  const rule = "it must be a whole JPEG: ";
  for (const share of [0.5, 0.9, 0.99]) {
    const cut = HALVES_JPEG.subarray(0, Math.floor(HALVES_JPEG.length * share));
    await rejectsWith(cut, `${rule}Premature end of JPEG file`);
  }
  const noEnd = HALVES_JPEG.subarray(0, -2);
  await rejectsWith(noEnd, `${rule}Premature end of JPEG file`);
});

Deno.test("decodeJpeg refuses what is only the start of a JPEG", async () => {
  await rejectsWith(
    Uint8Array.of(0xff, 0xd8, 0xff),
    "it must be a JPEG with a frame header: it ends after 3 bytes",
  );
});

Deno.test("decodeJpeg refuses data the decoder stumbles over", async () => {
  const broken = HALVES_JPEG.slice();
  broken.fill(0xff, -40, -2);
  await rejects(
    decodeJpeg(broken, "a.jpg"),
    /^UnreadableFileError: Cannot read "a.jpg" as it must be a whole JPEG: /,
  );
});

Deno.test("decodeJpeg still works after a failure, also one at the same time", async () => {
  const failing = decodeJpeg(HALVES_JPEG.subarray(0, -20), "bad.jpg");
  const [bad, good] = await Promise.allSettled([
    failing,
    decodeJpeg(HALVES_JPEG, "good.jpg"),
  ]);
  deepStrictEqual([bad.status, good.status], ["rejected", "fulfilled"]);
  strictEqual((await decodeJpeg(HALVES_JPEG, "good.jpg")).width, 64);
});

Deno.test("decodeJpeg bears stray bytes before the end marker", async () => {
  const stray = insert(HALVES_JPEG, HALVES_JPEG.length - 2, [0, 0, 0]);
  deepStrictEqual(
    await decodeJpeg(stray, "a.jpg"),
    await decodeJpeg(HALVES_JPEG, "a.jpg"),
  );
});

Deno.test("decodeJpeg and imageSize do not rotate by EXIF", async () => {
  const rotated = [
    ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0], // "Exif"
    ...[0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1], // big-endian, one tag
    ...[1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0], // orientation 6
  ];
  const tagged = insert(HALVES_JPEG, 2, rotated);
  deepStrictEqual(imageSize(tagged, "a.jpg"), { width: 64, height: 48 });
  deepStrictEqual(
    await decodeJpeg(tagged, "a.jpg"),
    await decodeJpeg(HALVES_JPEG, "a.jpg"),
  );
});

Deno.test("decodeJpeg refuses by the header, before memory is taken", async () => {
  const frame = (...values: number[]) =>
    Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17, ...values);
  await rejectsWith(
    frame(8, 0xff, 0xff, 0xff, 0xff, 3),
    "it must have at most 40 megapixels: it is 65535 × 65535 px",
  );
  const rule = "it must be a grey or colour JPEG of 8 bits a sample: ";
  await rejectsWith(
    frame(8, 0, 9, 0, 9, 4),
    `${rule}it has 4 channels of 8 bits`,
  );
  await rejectsWith(
    frame(12, 0, 9, 0, 9, 3),
    `${rule}it has 3 channels of 12 bits`,
  );
});

Deno.test("decodeJpeg leaves globals as they were", async () => {
  await decodeJpeg(HALVES_JPEG, "a.jpg");
  strictEqual(globalThis.location, undefined);
});

Deno.test("encodeJpeg refuses a bad quality and a wrong number of samples", async () => {
  await rejects(encodeJpeg(HALVES, 0), {
    name: "RangeError",
    message: "Cannot encode a JPEG as its quality must be a whole number " +
      "from 1 to 100: 0",
  });
  await rejects(encodeJpeg({ ...HALVES, width: 63 }, 90), {
    name: "RangeError",
    message: "Cannot encode a JPEG as a picture of 63 × 48 px must have 9072 " +
      "samples, more than 0: 9216",
  });
});
