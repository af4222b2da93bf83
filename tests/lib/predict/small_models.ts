/**
 * Untrained networks small enough to run in a test.
 *
 * @module
 */
import type * as z from "zod";
import { initialise } from "../../../lib/net/initialise.ts";
import type { Model } from "../../../lib/net/model_file.ts";
import { SegmenterConfig } from "../../../lib/net/network_config.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";

type Given = z.input<typeof SegmenterConfig>;

const NETWORKS: Readonly<Record<string, Given["network"]>> = {
  largefov: { kind: "largefov", width: 0.125, fcChannels: 16 },
  mobilenet: { kind: "mobilenet_v2", width: 0.125, fcChannels: 16 },
  resnet: { kind: "resnet101", width: 0.125, blocks: [1, 1, 1, 1] },
};

/** A model with random weights. */
export function smallModel(
  network: "largefov" | "mobilenet" | "resnet",
  { head = { kind: "plain" }, classCount = 3 }: Partial<Given> = {},
): Model {
  const config = SegmenterConfig.parse({
    network: NETWORKS[network],
    head,
    classCount,
  });
  const values = initialise(segmenterParameters(config), 1);
  return { config, values, about: {} };
}
