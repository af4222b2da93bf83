import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { DownloadError } from "../../../lib/dataset/checked_file.ts";
import { UnpackError } from "../../../lib/dataset/unpack.ts";
import {
  EVERYTHING,
  lines,
  LIST,
  scene,
  SETS,
  sha256,
  TAR,
  TRAIN_AUG,
  WEIGHTS,
  ZIP,
} from "./_small_voc.ts";

Deno.test("fetchVoc lays out everything", () =>
  scene(async (s) => {
    const { present, fetched } = await s.run();
    deepStrictEqual(present, []);
    deepStrictEqual(fetched, [
      "voc2012_trainval",
      "sbd_masks",
      "train_aug_list",
      "vgg16_imagenet",
    ]);
    deepStrictEqual(s.files(), EVERYTHING);
    deepStrictEqual(s.events.at(-1), {
      type: "verified",
      folder: `${s.folder}/VOC2012`,
      counts: { images: 4, train: 2, val: 1, "train_aug": 3 },
    });
  }));

Deno.test("fetchVoc writes train_aug as plain ids", () =>
  scene(async (s) => {
    await s.run();
    const path = `${s.folder}/VOC2012/${SETS}/train_aug.txt`;
    strictEqual(await Deno.readTextFile(path), lines(TRAIN_AUG));
  }));

Deno.test("fetchVoc says which hash was compared with what", () =>
  scene(async (s) => {
    await s.run();
    const checks = s.events.flatMap((event) =>
      event.type === "downloaded" ? [`${event.id} ${event.check}`] : []
    );
    deepStrictEqual(checks, [
      "voc2012_trainval recorded",
      "sbd_masks firstUse",
      "train_aug_list firstUse",
      "vgg16_imagenet recorded",
    ]);
  }));

Deno.test("fetchVoc asks for nothing when all is there, archives or not", () =>
  scene(async (s) => {
    await s.run();
    await Deno.remove(`${s.folder}/downloads`, { recursive: true });
    s.asked.length = 0;
    strictEqual((await s.run()).present.length, 4);
    deepStrictEqual(s.asked, []);
  }));

Deno.test("fetchVoc fetches again only what went missing", () =>
  scene(async (s) => {
    await s.run();
    await Deno.remove(`${s.folder}/downloads`, { recursive: true });
    await Deno.remove(`${s.folder}/VOC2012/JPEGImages/2007_000001.jpg`);
    await Deno.writeFile(
      `${s.folder}/weights/vgg16_imagenet.safetensors`,
      new Uint8Array(5000),
    );
    s.asked.length = 0;
    await s.run();
    deepStrictEqual(s.asked, ["/voc.tar", "/vgg"]);
    const lost = "VOC2012/JPEGImages/2007_000001.jpg";
    strictEqual(s.files().includes(lost), true);
  }));

Deno.test("fetchVoc fetches only the groups asked for", () =>
  scene(async (s) => {
    await s.run({ only: ["vgg16"] });
    deepStrictEqual(s.files(), ["weights/vgg16_imagenet.safetensors"]);
    await s.run({ only: ["sbd"] });
    deepStrictEqual(s.asked, ["/vgg", "/aug.zip", "/list.txt"]);
    deepStrictEqual(s.events.at(-1), {
      type: "verified",
      folder: `${s.folder}/VOC2012`,
      counts: { images: null, train: null, val: null, "train_aug": 3 },
    });
  }));

Deno.test("fetchVoc plans in a dry run and touches nothing", () =>
  scene(async (s) => {
    strictEqual((await s.run({ dryRun: true })).fetched.length, 4);
    deepStrictEqual(s.asked, []);
    await rejects(() => Deno.stat(s.folder), Deno.errors.NotFound);
    deepStrictEqual(s.events.map((event) => event.type), [
      "planned",
      "planned",
      "planned",
      "planned",
      "space",
    ]);
  }));

Deno.test("fetchVoc goes to the next address when one fails", () =>
  scene(async (s) => {
    s.sources.files[0]!.urls.unshift(`${s.url}/gone.tar`);
    await s.run({ only: ["voc"] });
    deepStrictEqual(s.asked, ["/gone.tar", "/voc.tar"]);
    deepStrictEqual(s.events.filter(({ type }) => type === "addressFailed"), [{
      type: "addressFailed",
      id: "voc2012_trainval",
      message:
        `Cannot download "${s.url}/gone.tar" as the server must answer ` +
        "200, or 206 to a range: status is 404 Not Found",
    }]);
  }));

Deno.test("fetchVoc says what every address did when all fail", () =>
  scene(async (s) => {
    s.sources.files[0]!.urls.push(`${s.url}/other.tar`);
    s.pages["/voc.tar"] = WEIGHTS;
    s.pages["/other.tar"] = TAR.map((byte, i) => i === 9999 ? 1 : byte);
    const path = `${s.folder}/downloads/VOCtrainval_11-May-2012.tar`;
    await rejects(() => s.run({ only: ["voc"] }), (error: DownloadError) => {
      strictEqual(
        error.message,
        [
          "Cannot fetch voc2012_trainval as one of its addresses must serve it: " +
          "none does",
          `  Cannot download "${s.url}/voc.tar" as it must have ` +
          `${TAR.length.toLocaleString("en-US")} bytes: server announces 5,000`,
          `  Cannot accept "${s.url}/other.tar" as its SHA-256 must be ` +
          `${sha256(TAR)}: is ${
            sha256(s.pages["/other.tar"] as Uint8Array)
          }, ` +
          `kept as "${path}.wrong"`,
          `  Or save it as "${path}" by hand and run this again`,
        ].join("\n"),
      );
      return true;
    });
  }));

Deno.test("fetchVoc takes a file saved by hand", () =>
  scene(async (s) => {
    s.pages["/aug.zip"] = 404;
    await rejects(() => s.run({ only: ["sbd"] }), DownloadError);
    await Deno.writeFile(`${s.folder}/downloads/SegmentationClassAug.zip`, ZIP);
    strictEqual((await s.run({ only: ["sbd"] })).fetched.length, 2);
  }));

Deno.test("fetchVoc, stopped while it downloads, goes on", () =>
  scene(async (s) => {
    const stop = new AbortController();
    s.pages["/voc.tar"] = () => {
      stop.abort();
      return TAR;
    };
    const stopped = s.run({ signal: stop.signal });
    await rejects(() => stopped, { name: "AbortError" });
    s.pages["/voc.tar"] = TAR;
    await s.run();
    deepStrictEqual(s.files(), EVERYTHING);
  }));

Deno.test("fetchVoc, stopped while it unpacks, does not download again", () =>
  scene(async (s) => {
    const stop = new AbortController();
    const stopped = s.run({
      signal: stop.signal,
      onEvent: ({ type }) => type === "downloaded" && stop.abort(),
    });
    await rejects(() => stopped, { name: "AbortError" });
    deepStrictEqual(s.files(), ["downloads/VOCtrainval_11-May-2012.tar"]);
    await s.run();
    deepStrictEqual(s.files(), EVERYTHING);
    deepStrictEqual(s.asked, ["/voc.tar", "/aug.zip", "/list.txt", "/vgg"]);
  }));

Deno.test("fetchVoc refuses a list of another length, and forgets it", () =>
  scene(async (s) => {
    s.pages["/list.txt"] = LIST.subarray(0, 100);
    const path = `${s.folder}/downloads/train_aug.txt`;
    await rejects(() => s.run({ only: ["sbd"] }), (error: DownloadError) => {
      strictEqual(
        error.message.split("\n")[1],
        `  Cannot use "${path}.part" as it must list 3 images: lists 2, ` +
          `kept as "${path}.wrong"`,
      );
      return true;
    });
    s.pages["/list.txt"] = LIST;
    await s.run({ only: ["sbd"] });
  }));

Deno.test("fetchVoc refuses train_aug when it meets val", () =>
  scene(async (s) => {
    s.pages["/list.txt"] = new TextEncoder().encode(
      lines(["2007_000001", "2007_000003", "2009_000009"]),
    );
    await rejects(() => s.run(), {
      name: "RangeError",
      message: [
        `Cannot use "${s.folder}/VOC2012" as it must be whole: it is not`,
        '  train_aug must share no image with val: shares 1, first "2007_000003"',
        '  all images of train must be in train_aug: 1 are not, first "2007_000002"',
        '  all images of train_aug must be in JPEGImages: 1 are not, first "2009_000009"',
        '  all images of train_aug must be in Annotations: 1 are not, first "2009_000009"',
        '  all images of train_aug must be in SegmentationClassAug: 1 are not, first "2009_000009"',
      ].join("\n"),
    });
  }));

Deno.test("fetchVoc counts files and splits", () =>
  scene(async (s) => {
    const place = s.sources.files[0]!.place as { holds: { min: number }[] };
    place.holds[0]!.min = 17125;
    s.sources.dataset.splits.val = 1449;
    await rejects(() => s.run({ only: ["voc"] }), {
      message: [
        `Cannot use "${s.folder}/VOC2012" as it must be whole: it is not`,
        '  "VOC2012/JPEGImages" must hold 17,125 files "*.jpg": holds 4',
        "  val must have 1,449 images: has 1",
      ].join("\n"),
    });
  }));

Deno.test("fetchVoc puts a broken archive of unknown hash aside", () =>
  scene(async (s) => {
    s.pages["/aug.zip"] = ZIP.subarray(0, 200);
    const path = `${s.folder}/downloads/SegmentationClassAug.zip`;
    await rejects(() => s.run({ only: ["sbd"] }), (error: UnpackError) => {
      strictEqual(
        error.message,
        `Cannot unpack "${path}" as it must be whole: End of central directory ` +
          "record signature not found. Either not a zip file, or file is " +
          `truncated, kept as "${path}.wrong"`,
      );
      return error instanceof UnpackError;
    });
    s.pages["/aug.zip"] = ZIP;
    await s.run({ only: ["sbd"] });
  }));

Deno.test("fetchVoc refuses to start without room for all", () =>
  scene(async (s) => {
    const needed = 2 * TAR.length + 2 * ZIP.length + LIST.length + 5000;
    const freeSpace = () => Promise.resolve({ bytes: needed - 1 });
    await rejects(() => s.run({ freeSpace }), {
      message: "Cannot fetch voc2012_trainval, sbd_masks, train_aug_list, " +
        `vgg16_imagenet as ${needed.toLocaleString("en-US")} bytes must be ` +
        `free in "${s.folder}": ${(needed - 1).toLocaleString("en-US")} are`,
    });
    deepStrictEqual(s.asked, []);
    await s.run({ freeSpace: () => Promise.resolve({ bytes: needed }) });
  }));
