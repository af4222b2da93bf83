import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { decodeImage } from "../../../lib/image/decode_image.ts";
import { encodeJpeg } from "../../../lib/image/jpeg.ts";
import { writePng } from "./png_writer.ts";

async function rgbOf(
  drawn: Omit<Parameters<typeof writePng>[0], "height">,
): Promise<number[]> {
  const { data } = await decodeImage(writePng({ height: 1, ...drawn }), "a");
  return [...data];
}

Deno.test("decodeImage tells JPEG, PNG and PPM by the bytes, not the name", async () => {
  const grey = { width: 2, height: 1, data: new Uint8Array(6).fill(128) };
  const jpeg = await decodeImage(await encodeJpeg(grey, 90), "a.png");
  deepStrictEqual(jpeg, grey);
  const png = { width: 1, height: 1, bitDepth: 8, colourType: 2 };
  const decoded = await decodeImage(
    writePng({ ...png, rows: [[1, 2, 3]] }),
    "a.jpg",
  );
  deepStrictEqual([...decoded.data], [1, 2, 3]);
  const ppm = new TextEncoder().encode("P6 1 1 255 abc");
  const { data } = await decodeImage(ppm, "a.jpg");
  deepStrictEqual([...data], [97, 98, 99]);
});

Deno.test("decodeImage turns every colour form of PNG into RGB", async () => {
  const wide = { width: 2, bitDepth: 8 };
  deepStrictEqual(
    await rgbOf({ ...wide, colourType: 0, rows: [[7, 9]] }),
    [7, 7, 7, 9, 9, 9],
  );
  deepStrictEqual(
    await rgbOf({ ...wide, colourType: 2, rows: [[1, 2, 3, 4, 5, 6]] }),
    [1, 2, 3, 4, 5, 6],
  );
  deepStrictEqual(
    await rgbOf({ ...wide, colourType: 4, rows: [[7, 0, 9, 255]] }),
    [7, 7, 7, 9, 9, 9],
  );
  deepStrictEqual(
    await rgbOf({ ...wide, colourType: 6, rows: [[1, 2, 3, 0, 4, 5, 6, 255]] }),
    [1, 2, 3, 4, 5, 6],
  );
  const palette = [10, 11, 12, 20, 21, 22];
  deepStrictEqual(
    await rgbOf({ ...wide, colourType: 3, palette, rows: [[1, 0]] }),
    [20, 21, 22, 10, 11, 12],
  );
});

Deno.test("decodeImage stretches grey of few bits to 0…255", async () => {
  const rows = [[0b00011011]];
  deepStrictEqual(
    await rgbOf({ width: 4, bitDepth: 2, colourType: 0, rows }),
    [0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255],
  );
});

Deno.test("decodeImage refuses an index outside the palette", async () => {
  const palette = [1, 2, 3, 4, 5, 6];
  await rejects(
    rgbOf({ width: 1, bitDepth: 8, colourType: 3, palette, rows: [[2]] }),
    {
      name: "UnreadableFileError",
      message: 'Cannot read "a" as its indices must lie in its palette of ' +
        "2 colours: index 2",
    },
  );
});

Deno.test("decodeImage refuses other formats", async () => {
  const gif = new TextEncoder().encode("GIF89a");
  await rejects(decodeImage(gif, "a.gif"), {
    message: 'Cannot read "a.gif" as it must be a JPEG, PNG or PPM picture: ' +
      "it begins with bytes 47494638",
  });
  strictEqual(
    (await decodeImage(
      await encodeJpeg({
        width: 1,
        height: 1,
        data: new Uint8Array(3),
      }, 90),
      "a",
    )).height,
    1,
  );
});
