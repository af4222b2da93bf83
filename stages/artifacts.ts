/**
 * The kinds of artifact that stages exchange.
 *
 * @module
 */
import * as z from "zod";
import { decodeImage } from "../lib/image/decode_image.ts";
import type { RgbImage } from "../lib/image/image.ts";
import { encodeJpeg } from "../lib/image/jpeg.ts";
import { encodeRgbPng } from "../lib/image/rgb_png.ts";
import { formatImageList, parseImageList } from "../lib/dataset/image_list.ts";
import {
  formatVocAnnotation,
  parseVocAnnotation,
  type VocAnnotation,
} from "../lib/dataset/voc_annotation.ts";
import type { LabelMap } from "../lib/label/label_map.ts";
import { decodeLabelMap, encodeLabelMap } from "../lib/label/label_map_png.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type WeightsFile,
} from "../lib/net/safetensors.ts";
import { decodeWeightsFile } from "../lib/net/weights_file.ts";
import type { ScoreMap } from "../lib/predict/score_map.ts";
import {
  decodeScoreMap,
  encodeScoreMap,
} from "../lib/predict/score_map_file.ts";
import { HistoryEntry } from "../lib/train/history.ts";
import {
  collectionKind,
  compositeKind,
  jsonCollectionKind,
  jsonKind,
  valueKind,
} from "../pipeline/mod.ts";

/** JPEG quality of pictures that the project draws itself. */
const JPEG_QUALITY = 90;

/** Pictures by image id: JPEG or PNG when read, JPEG when written. */
export const IMAGES = collectionKind<RgbImage>({
  name: "images",
  extensions: [".jpg", ".jpeg", ".png"],
  decode: decodeImage,
  encode: (image) => encodeJpeg(image, JPEG_QUALITY),
});

/** A picture's file, for those who decode it elsewhere. */
export interface ImageFile {
  readonly image: Uint8Array;
  readonly path: string;
}

/** {@link IMAGES}, not decoded. */
export const IMAGE_FILES = collectionKind<ImageFile>({
  name: IMAGES.name,
  extensions: IMAGES.extensions,
  decode: (image, path) => ({ image, path }),
  encode: ({ image }) => image,
});

/** VOC annotations by image id: boxes of objects, as written in the XML. */
export const ANNOTATIONS = collectionKind<VocAnnotation>({
  name: "annotations",
  extensions: [".xml"],
  decode: parseVocAnnotation,
  encode: formatVocAnnotation,
});

/** Label maps by image id, as palette PNG: 0 background, 1…K, 255 void. */
export const LABEL_MAPS = collectionKind<LabelMap>({
  name: "label_maps",
  extensions: [".png"],
  decode: decodeLabelMap,
  encode: encodeLabelMap,
});

/** Lists of image ids by split: `train`, `val`, … */
export const IMAGE_LISTS = collectionKind<string[]>({
  name: "image_lists",
  extensions: [".txt"],
  decode: parseImageList,
  encode: formatImageList,
});

/** A data set on disk in the layout of PASCAL VOC. */
export const VOC_DATA_SET = compositeKind({
  name: "voc_data_set",
  parts: {
    JPEGImages: IMAGES,
    Annotations: ANNOTATIONS,
    SegmentationClass: LABEL_MAPS,
    SegmentationClassAug: LABEL_MAPS,
    "ImageSets/Segmentation": IMAGE_LISTS,
  },
});

const Pixels = z.int().min(0);
const Side = z.int().min(1);
const BoxJson = z.strictObject({
  classId: z.int().min(1).max(254),
  x0: Pixels,
  y0: Pixels,
  x1: Pixels,
  y1: Pixels,
});

/** By image id: the size of the picture and its boxes, px, half-open. */
export const BOXES = jsonCollectionKind(
  "boxes",
  z.strictObject({ width: Side, height: Side, boxes: z.array(BoxJson) }),
);

/** Class names in the order of their ids; background is not among them. */
export const CLASS_NAMES = jsonKind("class_names", z.array(z.string()));

/** Sub-class of each box by image id, in the order of its boxes. */
export const SUB_CLASSES = jsonKind(
  "sub_classes",
  z.record(z.string(), z.array(z.int().min(0))),
);

const Rate = z.number().min(0).max(1).nullable();

const FillingRates = z.array(z.strictObject({
  className: z.string(),
  boxCount: z.int().min(0),
  fillingRate: Rate,
  subClasses: z.array(z.strictObject({
    boxCount: z.int().min(0),
    fillingRate: Rate,
  })),
}));

/** {@link FILLING_RATES} in memory. */
export type FillingRates = z.output<typeof FillingRates>;

/** Mean filling rates of classes and sub-classes; null where there is no box. */
export const FILLING_RATES = jsonKind("filling_rates", FillingRates);

const Score = z.number().min(0).max(1).nullable();

const Scores = z.strictObject({
  imageCount: z.int().min(0),
  meanIou: Score,
  /** Over the classes asked for; null when none were. */
  headlineMeanIou: Score,
  headlineClasses: z.array(z.string()),
  pixelAccuracy: Score,
  meanClassAccuracy: Score,
  frequencyWeightedIou: Score,
  foregroundPrecision: Score,
  foregroundRecall: Score,
  meanBoundaryIou: Score,
  /** Background first. */
  classes: z.array(z.strictObject({
    className: z.string(),
    iou: Score,
    boundaryIou: Score,
    precision: Score,
    recall: Score,
  })),
  trimap: z.array(z.strictObject({ widthPx: Side, meanIou: Score })),
  /** Whole counts; rows truth, columns prediction, background first. */
  confusion: z.array(z.array(z.int().min(0))),
});

/** {@link SCORES} in memory. */
export type Scores = z.output<typeof Scores>;

/** How well label maps agree with ground truth, 0…1. */
export const SCORES = jsonKind("scores", Scores);

/** Tensors by name, and texts that say what they are: as safetensors. */
export const WEIGHTS = valueKind<WeightsFile>({
  name: "weights",
  extension: ".safetensors",
  decode: (bytes, path) => decodeSafetensors(bytes, { path }),
  encode: (file) => encodeSafetensors(file),
});

/** Weights that others made: safetensors or ONNX. */
export const WEIGHTS_FILE = valueKind<WeightsFile>({
  name: "weights_file",
  extension: ".safetensors",
  decode: decodeWeightsFile,
  encode: (file) => encodeSafetensors(file),
});

/** Score maps by image id, as safetensors of float16. */
export const SCORE_MAPS = collectionKind<ScoreMap>({
  name: "score_maps",
  extensions: [".safetensors"],
  decode: (bytes, path) => decodeScoreMap(bytes, path),
  encode: (map) => encodeScoreMap(map),
});

/** Attention maps by image id, 0…1, in the form of score maps. */
export const ATTENTION_MAPS = collectionKind<ScoreMap>({
  name: "attention_maps",
  extensions: [".safetensors"],
  decode: (bytes, path) => decodeScoreMap(bytes, path, "attention"),
  encode: (map) => encodeScoreMap(map, "attention"),
});

/** How a training went, iteration by iteration. */
export const TRAINING_HISTORY = jsonKind(
  "training_history",
  z.array(HistoryEntry),
);

/** A text for people. */
export const MARKDOWN = valueKind<string>({
  name: "markdown",
  extension: ".md",
  decode: (bytes) => new TextDecoder().decode(bytes),
  encode: (text) => new TextEncoder().encode(text),
});

/** One picture, kept without loss. */
export const PICTURE = valueKind<RgbImage>({
  name: "picture",
  extension: ".png",
  decode: decodeImage,
  encode: encodeRgbPng,
});
