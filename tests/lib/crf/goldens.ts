/**
 * Reads the outputs of other CRF implementations on real pictures.
 *
 * They are not part of the repository, as they hold photographs: they lie
 * beside it, in `../shared/golden/crf`, whose README says how they were made.
 *
 * @module
 */
import { existsSync } from "node:fs";
import * as z from "zod";
import type { DenseCrfOptions } from "../../../lib/crf/dense_crf_options.ts";
import { type LabelPlanes, mapLabels } from "../../../lib/crf/label_planes.ts";
import type { Normalisation } from "../../../lib/crf/pairwise.ts";
import type { RgbImage } from "../../../lib/image/image.ts";

const GOLDEN = new URL("../../../../shared/golden/crf/", import.meta.url);

const Manifest = z.array(z.object({
  image: z.string(),
  width: z.int(),
  height: z.int(),
  labels: z.int(),
  box: z.tuple([z.int(), z.int(), z.int(), z.int()]).nullable(),
  iterations: z.int(),
  unary: z.string(),
  marginals: z.string(),
  implementation: z.string(),
  params: z.object({
    bilateral_weight: z.number(),
    bilateral_std_px: z.number(),
    bilateral_std_rgb: z.number(),
    spatial_weight: z.number(),
    spatial_std_px: z.number(),
  }),
}));
/** One output of one implementation. */
export type Golden = z.infer<typeof Manifest>[number];

/** All outputs; none, with a printed reason, where the folder is not there. */
export function readGoldens(): Golden[] {
  if (!existsSync(GOLDEN)) {
    console.log(
      `No CRF goldens at ${GOLDEN.pathname}: their tests are skipped`,
    );
    return [];
  }
  const text = Deno.readTextFileSync(new URL("manifest.json", GOLDEN));
  return Manifest.parse(JSON.parse(text));
}

/** The planes of one of the golden's files, such as its `unary`. */
export function readPlanes(golden: Golden, name: string): LabelPlanes {
  const { labels: labelCount, width, height } = golden;
  const bytes = Deno.readFileSync(new URL(name, GOLDEN));
  return { labelCount, width, height, data: new Float32Array(bytes.buffer) };
}

/** The golden's picture, a binary PPM. */
export function readImage({ image, width, height }: Golden): RgbImage {
  const bytes = Deno.readFileSync(new URL(image, GOLDEN));
  return {
    width,
    height,
    data: bytes.slice(bytes.length - 3 * width * height),
  };
}

/** The lattice implementation that normalises as the exact one does. */
const PEERS = {
  symmetric: "pydensecrf_symmetric",
  after: "densecrf1_after",
} as const;

/** Outputs of the exact implementation, each with the peer's of the same. */
export function exactAndPeer(
  goldens: readonly Golden[],
  normalisation: Normalisation,
): { readonly exact: Golden; readonly peer: Golden }[] {
  const of = (implementation: string) =>
    goldens.filter((golden) => golden.implementation === implementation);
  const peers = of(PEERS[normalisation]);
  return of(`exact_${normalisation}`).map((exact) => ({
    exact,
    peer: peers.find(({ unary }) => unary === exact.unary)!,
  }));
}

/** What the golden was made with, in our terms. */
export function optionsOf(
  { params, iterations }: Golden,
  normalisation: Normalisation,
): DenseCrfOptions {
  return {
    appearanceWeight: params.bilateral_weight,
    appearanceSigmaPx: params.bilateral_std_px,
    appearanceSigmaLevels: params.bilateral_std_rgb,
    smoothnessWeight: params.spatial_weight,
    smoothnessSigmaPx: params.spatial_std_px,
    iterations,
    normalisation,
  };
}

/** Mean |ΔQ|, and the share of pixels with another label. */
export function distance(a: LabelPlanes, b: LabelPlanes) {
  const q = a.data.reduce(
    (sum, value, i) => sum + Math.abs(value - b.data[i]!),
    0,
  );
  const labels = mapLabels(b).data;
  const unlike = mapLabels(a).data.filter((label, p) => label !== labels[p]);
  return { q: q / a.data.length, labels: unlike.length / labels.length };
}
