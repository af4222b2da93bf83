import { deepStrictEqual, throws } from "node:assert/strict";
import { imageFormat, imageSize } from "../../../lib/image/image_size.ts";
import { writePng } from "./png_writer.ts";

const GREY = { width: 3, height: 2, bitDepth: 8, colourType: 0, rows: [] };

/** A JPEG header: other segments, then a frame of 258 × 5 px. */
function jpegHeader(...segments: number[]): Uint8Array {
  const frame = [0xff, 0xc0, 0, 17, 8, 0, 5, 1, 2, 3];
  return Uint8Array.from([0xff, 0xd8, ...segments, ...frame]);
}

function rejects(bytes: Uint8Array, message: string): void {
  throws(() => imageSize(bytes, "a.jpg"), {
    name: "UnreadableFileError",
    message: `Cannot read "a.jpg" as ${message}`,
  });
}

Deno.test("imageSize reads a PNG's header, even when pixels are missing", () => {
  const size = imageSize(writePng(GREY).subarray(0, 33), "a.png");
  deepStrictEqual(size, { width: 3, height: 2 });
});

Deno.test("imageSize finds a JPEG's frame behind other segments", () => {
  const expected = { width: 258, height: 5 };
  deepStrictEqual(imageSize(jpegHeader(0xff, 0xe0, 0, 2), "a.jpg"), expected);
  // A comment that holds what looks like a frame, then fill bytes.
  const comment = [0xff, 0xfe, 0, 6, 0xff, 0xc0, 0, 17];
  const bytes = jpegHeader(...comment, 0xff, 0xff);
  deepStrictEqual(imageSize(bytes, "a.jpg"), expected);
});

Deno.test("imageSize skips DHT, whose marker lies among those of frames", () => {
  const bytes = jpegHeader(0xff, 0xc4, 0, 4, 1, 1);
  deepStrictEqual(imageSize(bytes, "a.jpg"), { width: 258, height: 5 });
});

Deno.test("imageSize refuses JPEG headers it cannot follow", () => {
  const rule = "it must be a JPEG with a frame header: ";
  const full = jpegHeader();
  rejects(full.subarray(0, 3), `${rule}it ends after 3 bytes`);
  rejects(full.subarray(0, 9), `${rule}it ends within it`);
  rejects(jpegHeader(0xff, 0xe0, 9, 9), `${rule}it ends after 16 bytes`);
  rejects(jpegHeader(0xff, 0xe0, 0, 0), `${rule}marker ffe0 comes before it`);
  rejects(jpegHeader(0xff, 0xda, 0, 2), `${rule}marker ffda comes before it`);
  rejects(jpegHeader(0xff, 0xe0, 0, 3, 0, 7), `${rule}byte 7 is no marker`);
});

Deno.test("imageSize refuses sides of zero", () => {
  const jpeg = jpegHeader();
  jpeg[8] = 0;
  rejects(
    jpeg,
    "it must be a JPEG with a frame header: its size is 258 × 0 px",
  );
  rejects(
    writePng({ ...GREY, width: 0 }),
    "it must be a PNG with a valid header: its size is 0 × 2 px",
  );
});

Deno.test("imageSize refuses PNG headers that are none", () => {
  const rule = "it must be a PNG with a valid header: ";
  const png = writePng(GREY);
  rejects(png.subarray(0, 10), `${rule}it does not begin as one`);
  rejects(png.subarray(0, 32), `${rule}it ends after 32 bytes`);
  rejects(
    writePng({ ...GREY, colourType: 2, bitDepth: 4 }),
    `${rule}it has colour type 2, bit depth 4 and interlacing 0`,
  );
  rejects(
    writePng({ ...GREY, interlace: 2 }),
    `${rule}it has colour type 0, bit depth 8 and interlacing 2`,
  );
});

Deno.test("imageFormat refuses what is neither JPEG, PNG nor PPM", () => {
  const rule = "it must be a JPEG, PNG or PPM picture: ";
  rejects(new Uint8Array(0), `${rule}it is empty`);
  rejects(
    new TextEncoder().encode("GIF89a"),
    `${rule}it begins with bytes 47494638`,
  );
  throws(() => imageFormat(Uint8Array.of(0xff, 0xd8), "a"), /bytes ffd8/);
});
