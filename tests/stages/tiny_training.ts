/**
 * Trainings of seconds: six pictures of noise and a network as narrow as it can
 * be.
 *
 * @module
 */
import type * as z from "zod";
import { encodeRgbPng } from "../../lib/image/rgb_png.ts";
import type { LabelMap } from "../../lib/label/label_map.ts";
import { seededRandom } from "../../lib/random.ts";
import { trainSegmenter } from "../../stages/train_segmenter.ts";
import { box } from "../drawings.ts";
import { runStage, type StageCall, type StageOutcome } from "./run_stage.ts";

type Call = StageCall<
  typeof trainSegmenter.params,
  typeof trainSegmenter.inputs
>;
/** What a training is given. */
export type Inputs = Call["inputs"];
/** As a workflow file has them. */
export type Params = z.input<typeof trainSegmenter.params>;

/** What a training left. */
export type Outcome = StageOutcome<typeof trainSegmenter.outputs>;

const WIDTH = 24;
const HEIGHT = 20;
/** Of the pictures. */
export const IDS = ["a", "b", "c", "d", "e", "f"];

/** What learns. */
export const NETWORK = {
  kind: "largefov" as const,
  width: 0.125,
  maxChannels: 8,
  convolutions: [1, 1, 1, 1, 1],
  inputScale: 1 / 64,
  fcChannels: 16,
  fc6Dilation: 1,
};

/** Nine cells a crop, all in the picture. */
const PARAMS: Params = {
  name: "tiny",
  network: NETWORK,
  iterations: 3,
  batchSize: 4,
  shardSize: 2,
  cropSizePx: 17,
  schedule: { kind: "step", rate: 0.05, every: 100 },
  device: "cpu",
};

/** What it gives for each id, by id. */
export function each<Item>(item: (id: string, index: number) => Item) {
  return Object.fromEntries(IDS.map((id, i) => [id, item(id, i)]));
}

/** Of noise. */
export const IMAGES = each((_, i) => {
  const random = seededRandom(i);
  const data = new Uint8Array(3 * WIDTH * HEIGHT)
    .map(() => random.below(256));
  return encodeRgbPng({ width: WIDTH, height: HEIGHT, data });
});

/** Pictures with one box each, of a ball or a bar, that fills it. */
export const INPUTS: Inputs = {
  images: IMAGES,
  boxes: each((_, i) => ({
    width: WIDTH,
    height: HEIGHT,
    boxes: [box(1 + i % 2, 0, 0, WIDTH, HEIGHT)],
  })),
  classes: ["ball", "bar"],
  labels: null,
  truth: null,
  lists: null,
  "filling_rates": null,
  "sub_classes": null,
  initial: null,
};

/** Rectangle labels of the pictures, the first pixels made background. */
export function labels(spoilt = 0): Record<string, LabelMap> {
  return each((_, i) => {
    const data = new Uint8Array(WIDTH * HEIGHT).fill(1 + i % 2);
    return { width: WIDTH, height: HEIGHT, data: data.fill(0, 0, spoilt) };
  });
}

/** Trains on the pictures, with other params and inputs; 1 core. */
export async function trained(
  params: Partial<Params> = {},
  inputs: Partial<Inputs> = {},
  call: Partial<Call> = {},
): Promise<Outcome> {
  using folder = temporaryFolder();
  return await runStage(trainSegmenter, {
    params: { ...PARAMS, ...params },
    inputs: { ...INPUTS, ...inputs },
    seed: 1,
    scratch: folder.path,
    ...call,
  });
}

/** A folder, removed at the end. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync();
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

/** Of each iteration, to three decimals. */
export function keptShares({ outputs }: Outcome): number[] {
  return outputs.history.map(({ keptShare }) =>
    Math.round(1000 * keptShare) / 1000
  );
}
