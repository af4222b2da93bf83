/**
 * The dense CRF on a GPU against other implementations on real pictures.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import {
  distance,
  exactAndPeer,
  optionsOf,
  readGoldens,
  readImage,
  readPlanes,
} from "../goldens.ts";
import { testOnGpu } from "./on_gpu.ts";

const goldens = readGoldens();
for (const normalisation of ["after", "symmetric"] as const) {
  for (const { exact, peer } of exactAndPeer(goldens, normalisation)) {
    testOnGpu(
      `GpuCrf is nearer to exact than ${peer.implementation} on ${exact.unary}`,
      async (crf) => {
        const image = readImage(exact);
        const unary = readPlanes(exact, exact.unary);
        const options = optionsOf(exact, normalisation);
        const [ours] = await crf.run([{ image, unary }], options);
        const exactQ = readPlanes(exact, exact.marginals);
        const peerQ = readPlanes(peer, peer.marginals);
        const our = distance(ours!, exactQ);
        const their = distance(peerQ, exactQ);
        ok(our.q < their.q, `${our.q} ${their.q}`);
        ok(our.labels <= their.labels, `${our.labels} ${their.labels}`);
      },
    );
  }
}
