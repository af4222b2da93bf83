/**
 * A trained network over many pictures.
 *
 * @module
 */
import type { Engine } from "../engine/engine.ts";
import { engineText } from "../engine/engine_text.ts";
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "../image/image.ts";
import type { Model } from "../net/model_file.ts";
import { ofImage } from "./of_image.ts";
import { paddedSize } from "./padded_size.ts";
import { compilePredictor, type PredictedMap } from "./predictor.ts";
import type { ScoreMap } from "./score_map.ts";

/** See {@link predictPictures}. */
export interface PredictPicturesOptions {
  readonly images: { read(id: string): Promise<RgbImage> };
  /** Of the pictures to predict, px. */
  readonly sizes: {
    readonly ids: readonly string[];
    read(id: string): Promise<Size>;
  };
  /** Side of the square that pictures are padded to; null: see `paddedSize`. */
  readonly inputSizePx: number | null;
  /** What is predicted; scores by default. */
  readonly map?: PredictedMap;
  write(id: string, map: ScoreMap): Promise<void>;
  /** Called after each picture. */
  onDone?(count: number): void;
  readonly signal?: AbortSignal;
}

/**
 * Predicts pictures one after the other, those of one padded size together, as
 * each size is compiled once. What is written tells what the network ran on.
 *
 * @throws {RangeError} Naming the picture, when it is not as large as said or
 *   what is predicted of it cannot be kept.
 *
 * @example
 * ```ts
 * import { startOnnxruntimeNode } from "../engine/onnxruntime_node.ts";
 * import { initialise } from "../net/initialise.ts";
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { segmenterParameters } from "../net/segmenter.ts";
 * import { predictPictures } from "./predict_pictures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const config = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 16 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const values = initialise(segmenterParameters(config), 1);
 * const image = { width: 9, height: 9, data: new Uint8Array(243) };
 * const predicted: string[] = [];
 * const engine = await startOnnxruntimeNode("cpu");
 * await predictPictures(engine, { config, values, about: {} }, {
 *   images: { read: () => Promise.resolve(image) },
 *   sizes: { ids: ["a"], read: () => Promise.resolve(image) },
 *   inputSizePx: null,
 *   write: (id) => Promise.resolve(void predicted.push(id)),
 * });
 * deepStrictEqual(predicted, ["a"]);
 * ```
 */
export async function predictPictures(
  engine: Engine,
  model: Model,
  options: PredictPicturesOptions,
): Promise<void> {
  const { images, map, write, onDone, signal } = options;
  let done = 0;
  for (const { size, pictures } of await bySize(options)) {
    const predictor = await compilePredictor(engine, model, { size, map });
    try {
      for (const picture of pictures) {
        signal?.throwIfAborted();
        const { id } = picture;
        const image = await images.read(id);
        refuseOtherSize(picture, image);
        await ofImage(id, async () => {
          const predicted = await predictor.predict(image);
          await write(id, { ...predicted, engine: engineText(engine) });
        });
        onDone?.(++done);
      }
    } finally {
      await predictor.dispose();
    }
  }
}

type Picture = Size & { readonly id: string };

interface SizeGroup {
  /** After padding, px. */
  readonly size: Size;
  readonly pictures: Picture[];
}

async function bySize(
  { sizes, inputSizePx }: PredictPicturesOptions,
): Promise<Iterable<SizeGroup>> {
  const groups = new Map<string, SizeGroup>();
  for (const id of sizes.ids) {
    const { width, height } = await sizes.read(id);
    const size = paddedSize({ width, height }, inputSizePx);
    const key = `${size.width} ${size.height}`;
    const group = groups.get(key) ?? { size, pictures: [] };
    groups.set(key, group);
    group.pictures.push({ id, width, height });
  }
  return groups.values();
}

function refuseOtherSize(picture: Picture, image: RgbImage): void {
  const { id, width, height } = picture;
  if (image.width === width && image.height === height) return;
  throw new RangeError(
    `Cannot predict image "${id}" as it must be as large as it was when its ` +
      `boxes were read: it is ${image.width} × ${image.height} px, was ` +
      `${width} × ${height} px`,
  );
}
