/**
 * The dense CRF on a GPU against other implementations on real pictures.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import {
  type LabelPlanes,
  mapLabels,
} from "../../../../lib/crf/label_planes.ts";
import { readGoldens, readImage, readPlanes } from "../goldens.ts";
import { testOnGpu } from "./on_gpu.ts";
import { difference } from "./random_picture.ts";

/** The lattice implementation that normalises as the exact one does. */
const PEERS = {
  symmetric: "pydensecrf_symmetric",
  after: "densecrf1_after",
} as const;

/** Share of pixels with another label. */
function unlike(a: LabelPlanes, b: LabelPlanes): number {
  const labels = mapLabels(b).data;
  const others = mapLabels(a).data.filter((label, p) => label !== labels[p]);
  return others.length / labels.length;
}

const goldens = readGoldens();
for (const normalisation of ["after", "symmetric"] as const) {
  const exacts = goldens.filter((golden) =>
    golden.implementation === `exact_${normalisation}`
  );
  for (const exact of exacts) {
    const peer = goldens.find((golden) =>
      golden.unary === exact.unary &&
      golden.implementation === PEERS[normalisation]
    )!;
    testOnGpu(
      `GpuCrf is as exact as ${peer.implementation} on ${exact.unary}`,
      async (crf) => {
        const image = readImage(exact);
        const unary = readPlanes(exact, exact.unary);
        const { params, iterations } = exact;
        const [ours] = await crf.run([{ image, unary }], {
          appearanceWeight: params.bilateral_weight,
          appearanceSigmaPx: params.bilateral_std_px,
          appearanceSigmaLevels: params.bilateral_std_rgb,
          smoothnessWeight: params.spatial_weight,
          smoothnessSigmaPx: params.spatial_std_px,
          iterations,
          normalisation,
        });
        const exactQ = readPlanes(exact, exact.marginals);
        const peerQ = readPlanes(peer, peer.marginals);
        // The peers filter the smoothness kernel by a lattice too, we exactly:
        // which is why we are not the same, now nearer to the exact marginals,
        // now further from them. Measured: 8 % less to 12 % more, and 0.11 % of
        // the labels.
        const [our, their] = [ours!, peerQ].map((q) => ({
          q: difference(q, exactQ.data).mean,
          labels: unlike(q, exactQ),
        }));
        ok(our!.q < 1.15 * their!.q, `${our!.q} ${their!.q}`);
        ok(our!.labels < their!.labels + 0.0015);
        // Measured: 0.0008, and 0.15 % of the labels.
        const apart = difference(ours!, peerQ.data).mean;
        ok(apart < 0.001, `${apart}`);
        ok(unlike(ours!, peerQ) < 0.002);
      },
    );
  }
}

Deno.test({
  name: "GpuCrf against the goldens of other implementations",
  ignore: goldens.length === 0,
  fn: () => ok(goldens.length > 0),
});
