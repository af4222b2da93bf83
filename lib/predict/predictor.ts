/**
 * Trained networks at work: pictures to score maps.
 *
 * @module
 */
import type { Engine } from "../engine/engine.ts";
import type { Size } from "../geometry/size.ts";
import { Graph } from "../graph/graph.ts";
import type { RgbImage } from "../image/image.ts";
import { inputEncoding } from "../net/input_encoding.ts";
import type { Model } from "../net/model_file.ts";
import { outputStride } from "../net/network_config.ts";
import { NetBuilder } from "../net/net_builder.ts";
import { buildSegmenter } from "../net/segmenter.ts";
import { networkInput } from "./network_input.ts";
import { croppedScores, type ScoreMap } from "./score_map.ts";

/** A network compiled for one size of pictures. */
export interface Predictor {
  /**
   * Scores of a picture that fits in the predictor's size. Calls must not
   * overlap.
   *
   * @throws {RangeError} When it does not fit, or a score is not finite.
   */
  predict(image: RgbImage): Promise<ScoreMap>;
  /** Frees the program. */
  dispose(): Promise<void>;
}

/**
 * Scores, or the attention maps of a head, 0…1: one for each class, or one for
 * all.
 */
export type PredictedMap = "scores" | "attention";

/** See {@link compilePredictor}. */
export interface PredictorOptions {
  /** Of the padded pictures, px; both sides 8k + 1. */
  readonly size: Size;
  /** What it gives of a picture; scores by default. */
  readonly map?: PredictedMap;
}

const [IMAGES, MAP] = ["images", "map"] as const;

/**
 * Makes a model ready to predict pictures of a size and below: one at a time,
 * without dropout, one scale, no mirroring [Song2019, section 4.1].
 *
 * @throws {RangeError} When the size is not 8k + 1 along each side, or attention
 *   is asked of a head that has none.
 *
 * @example
 * ```ts
 * import { startOnnxruntimeNode } from "../engine/onnxruntime_node.ts";
 * import { initialise } from "../net/initialise.ts";
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { segmenterParameters } from "../net/segmenter.ts";
 * import { compilePredictor } from "./predictor.ts";
 * import { strictEqual } from "node:assert";
 *
 * const config = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 16 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const values = initialise(segmenterParameters(config), 1);
 * const engine = await startOnnxruntimeNode("cpu");
 * const predictor = await compilePredictor(engine, { config, values, about: {} }, {
 *   size: { width: 33, height: 17 },
 * });
 * const image = { width: 30, height: 10, data: new Uint8Array(900) };
 * const { data } = await predictor.predict(image);
 * strictEqual(data.length, 3 * 3 * 5);
 * await predictor.dispose();
 * ```
 */
export async function compilePredictor(
  engine: Engine,
  { config, values }: Model,
  { size, map = "scores" }: PredictorOptions,
): Promise<Predictor> {
  const graph = new Graph("predict");
  const { width, height } = size;
  const images = graph.input(IMAGES, "float32", [1, 3, height, width]);
  const builder = new NetBuilder(graph, "predict");
  const predicted = buildSegmenter(builder, images, config)[map];
  if (predicted === null) {
    throw new RangeError(
      `Cannot predict attention maps as the model's head must be bcm or bgm: ` +
        `it is ${config.head.kind}`,
    );
  }
  graph.output(MAP, predicted);
  const program = await engine.compile(graph, { constants: values });
  const encoding = inputEncoding(config.network);
  const grid = { rows: predicted.shape[2]!, columns: predicted.shape[3]! };
  const stride = outputStride(config.network);
  return {
    async predict(image) {
      const input = networkInput(image, size, encoding);
      const outputs = await program.run({ [IMAGES]: input });
      const { width, height } = image;
      const scored = { width, height, outputStride: stride };
      return croppedScores(outputs[MAP] as Float32Array, grid, scored);
    },
    dispose: () => program.dispose(),
  };
}
