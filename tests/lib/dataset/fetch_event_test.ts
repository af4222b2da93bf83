import { strictEqual } from "node:assert";
import {
  describeFetchEvent,
  type FetchEvent,
} from "../../../lib/dataset/fetch_event.ts";
import { VOC_SOURCES } from "../../../lib/dataset/voc_sources.ts";

const id = "sbd_masks";
const [voc, sbd] = VOC_SOURCES.files;
const file = { path: "data/a.zip", bytes: 12345, sha256: "ab12" };
const counts = { images: null, train: null, val: 1449, "train_aug": 10582 };

const LINES: [FetchEvent, string][] = [
  [{ type: "present", id }, "sbd_masks: complete, nothing to fetch"],
  [
    { type: "planned", id: voc!.id, source: voc! },
    "voc2012_trainval: to fetch, 2.0 GB: PASCAL VOC 2012 training and " +
    `validation images, boxes, lists and masks; SHA-256 ${voc!.sha256}; ` +
    `licence: ${voc!.licence}`,
  ],
  [
    { type: "planned", id, source: sbd! },
    "sbd_masks: to fetch, about 40.0 MB: SegmentationClassAug, the masks of " +
    "SBD and VOC 2012 as label maps (no void); SHA-256 not known: the first " +
    `file is trusted; licence: ${sbd!.licence}`,
  ],
  [
    {
      type: "space",
      folder: "data",
      neededBytes: 4.6e9,
      free: { bytes: 8e10 },
    },
    'Needs about 4.6 GB in "data"; 80.0 GB are free',
  ],
  [
    {
      type: "space",
      folder: "data",
      neededBytes: 999,
      free: { bytes: null, why: "asked not to" },
    },
    'Needs about 999 bytes in "data"; free space not known: asked not to',
  ],
  [
    { type: "downloading", id, url: "https://a.org/a.zip", path: "data/a.zip" },
    'sbd_masks: https://a.org/a.zip to "data/a.zip"',
  ],
  [
    { type: "progress", id, haveBytes: 1999e6, totalBytes: 2e9 },
    "sbd_masks: 2.0 GB of 2.0 GB (99 %)",
  ],
  [
    { type: "progress", id, haveBytes: 12345, totalBytes: null },
    "sbd_masks: 12.3 kB",
  ],
  [{ type: "resuming", id, haveBytes: 2e6 }, "sbd_masks: going on at 2.0 MB"],
  [{ type: "restarting", id, why: "so" }, "sbd_masks: starting over: so"],
  [
    {
      type: "retrying",
      id,
      why: "status is 503 Busy",
      attempt: 1,
      attempts: 6,
      waitMs: 1500,
    },
    "sbd_masks: status is 503 Busy; attempt 2 of 6 in 1.5 s",
  ],
  [{ type: "addressFailed", id, message: "Cannot" }, "sbd_masks: Cannot"],
  [
    { type: "downloaded", id, ...file, check: "recorded" },
    "sbd_masks: 12,345 bytes, SHA-256 ab12, as recorded",
  ],
  [
    { type: "downloaded", id, ...file, check: "sameAsFirst" },
    "sbd_masks: 12,345 bytes, SHA-256 ab12, as the first time (no other hash " +
    "is known)",
  ],
  [
    { type: "downloaded", id, ...file, check: "firstUse" },
    "sbd_masks: 12,345 bytes, SHA-256 ab12 could not be compared, as none is " +
    'known; kept in "data/a.zip.sha256", later runs compare with it',
  ],
  [
    { type: "unpacking", id, files: 1000, bytes: 5e6 },
    "sbd_masks: 1,000 files unpacked, 5.0 MB",
  ],
  [
    { type: "unpacked", id, files: 12031, bytes: 5e7 },
    "sbd_masks: 12,031 files in place, 50.0 MB",
  ],
  [
    { type: "listed", id, path: "data/l.txt", ids: 10582 },
    'sbd_masks: 10,582 image ids in "data/l.txt"',
  ],
  [
    { type: "verified", folder: "data/VOC2012", counts },
    'Verified "data/VOC2012": images not there, train not there, 1,449 val, ' +
    "10,582 train_aug",
  ],
];

for (const [event, line] of LINES) {
  Deno.test(`describeFetchEvent says "${line.slice(0, 60)}"`, () => {
    strictEqual(describeFetchEvent(event), line);
  });
}
