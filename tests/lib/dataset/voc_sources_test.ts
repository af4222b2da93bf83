import { deepStrictEqual, strictEqual, throws } from "node:assert";
import {
  parseVocSources,
  VOC_SOURCES,
} from "../../../lib/dataset/voc_sources.ts";

Deno.test("VOC_SOURCES names every hash it has no source for as unknown", () => {
  const hashes = VOC_SOURCES.files.map((
    { id, sha256 },
  ) => [id, sha256 !== null]);
  deepStrictEqual(hashes, [
    ["voc2012_trainval", true],
    ["sbd_masks", false],
    ["train_aug_list", false],
    ["vgg16_imagenet", true],
  ]);
  for (const { sha256, evidence } of VOC_SOURCES.files) {
    if (sha256 === null) strictEqual(/not checked/i.test(evidence), true);
  }
});

Deno.test("VOC_SOURCES takes what has no hash over https only", () => {
  for (const { sha256, urls } of VOC_SOURCES.files) {
    if (sha256 !== null) continue;
    for (const url of urls) strictEqual(new URL(url).protocol, "https:");
  }
});

Deno.test("VOC_SOURCES holds the published counts", () => {
  deepStrictEqual(VOC_SOURCES.dataset.splits, {
    train: 1464,
    val: 1449,
    "train_aug": 10582,
  });
});

Deno.test("parseVocSources refuses unknown keys and half a hash", () => {
  throws(() => parseVocSources({ ...VOC_SOURCES, more: 1 }));
  const half = structuredClone(VOC_SOURCES);
  half.files[0]!.sha256 = "e14f";
  throws(() => parseVocSources(half));
});
