/**
 * The dense CRF against other implementations on real pictures.
 *
 * The goldens are not part of the repository (they hold photographs): they are
 * read from beside it, and the test is skipped where they are absent. Their
 * README says how they were made.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import * as z from "zod";
import { denseCrf } from "../../../lib/crf/dense_crf.ts";
import type { Normalisation } from "../../../lib/crf/pairwise.ts";
import { type LabelPlanes, mapLabels } from "../../../lib/crf/label_planes.ts";
import type { RgbImage } from "../../../lib/image/image.ts";

const GOLDEN = new URL("../../../../shared/golden/crf/", import.meta.url);

const Manifest = z.array(z.object({
  image: z.string(),
  width: z.int(),
  height: z.int(),
  labels: z.int(),
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
type Golden = z.infer<typeof Manifest>[number];

/** The lattice implementation that normalises as the exact one does. */
const PEERS = {
  symmetric: "pydensecrf_symmetric",
  after: "densecrf1_after",
} as const;

function readManifest(): Golden[] {
  try {
    const text = Deno.readTextFileSync(new URL("manifest.json", GOLDEN));
    return Manifest.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(
      `No CRF goldens at ${GOLDEN.pathname}: their tests are skipped`,
    );
    return [];
  }
}

function readPlanes(golden: Golden, name: string): LabelPlanes {
  const { labels: labelCount, width, height } = golden;
  const bytes = Deno.readFileSync(new URL(name, GOLDEN));
  return { labelCount, width, height, data: new Float32Array(bytes.buffer) };
}

/** Binary PPM whose header is three lines. */
function readImage({ image, width, height }: Golden): RgbImage {
  const bytes = Deno.readFileSync(new URL(image, GOLDEN));
  return {
    width,
    height,
    data: bytes.slice(bytes.length - 3 * width * height),
  };
}

function run(golden: Golden, normalisation: Normalisation): LabelPlanes {
  const { params } = golden;
  return denseCrf(readImage(golden), readPlanes(golden, golden.unary), {
    appearanceWeight: params.bilateral_weight,
    appearanceSigmaPx: params.bilateral_std_px,
    appearanceSigmaLevels: params.bilateral_std_rgb,
    smoothnessWeight: params.spatial_weight,
    smoothnessSigmaPx: params.spatial_std_px,
    iterations: golden.iterations,
    normalisation,
  });
}

/** Mean |ΔQ|, and the share of pixels with another label. */
function distance(a: LabelPlanes, b: LabelPlanes) {
  const q = a.data.reduce(
    (sum, value, i) => sum + Math.abs(value - b.data[i]!),
    0,
  );
  const labels = mapLabels(b).data;
  const unlike = mapLabels(a).data.filter((label, p) => label !== labels[p]);
  return { q: q / a.data.length, labels: unlike.length / labels.length };
}

const goldens = readManifest();
for (const normalisation of ["after", "symmetric"] as const) {
  const exacts = goldens.filter((golden) =>
    golden.implementation === `exact_${normalisation}`
  );
  for (const exact of exacts) {
    const peer = goldens.find((golden) =>
      golden.unary === exact.unary &&
      golden.implementation === PEERS[normalisation]
    )!;
    Deno.test(`denseCrf ${normalisation} on ${exact.unary}: as near to brute force as ${peer.implementation}, and near to it`, () => {
      const ours = run(exact, normalisation);
      const exactQ = readPlanes(exact, exact.marginals);
      const peerQ = readPlanes(peer, peer.marginals);
      const ourError = distance(ours, exactQ);
      const peerError = distance(peerQ, exactQ);
      // Slack: what rounding in float32 may turn, on one pixel in ten thousand.
      ok(ourError.q < peerError.q + 1e-4, `${ourError.q} ${peerError.q}`);
      ok(ourError.labels <= peerError.labels + 2e-4);
      const apart = distance(ours, peerQ);
      ok(apart.q < 1e-4, `${apart.q}`);
      ok(apart.labels <= 2e-4, `${apart.labels}`);
    });
  }
}
Deno.test({
  name: "denseCrf against the goldens of other implementations",
  ignore: goldens.length === 0,
  fn: () => ok(goldens.length % 4 === 0),
});
