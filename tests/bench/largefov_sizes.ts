/**
 * The networks and sizes at which LargeFOV is measured on all engines.
 *
 * @module
 */
import { SegmenterConfig } from "../../lib/net/network_config.ts";

/** A network, and what it is fed. */
export interface Sizes {
  /** As `NetworkConfig` has it. */
  readonly network: {
    readonly kind: "largefov";
    readonly width: number;
    readonly maxChannels: number;
    readonly fcChannels: number;
    readonly fc6Dilation: number;
  };
  /** Crops of a training step. */
  readonly batch: number;
  /** Side of the crops, px. */
  readonly crop: number;
  /** Side of the picture of a forward pass, px. */
  readonly input: number;
}

/**
 * `full` is the paper's, `small` that of docs/performance.md, `tiny` shows in
 * seconds that all works.
 */
export const NETS: Readonly<Record<"full" | "small" | "tiny", Sizes>> = {
  full: {
    network: {
      kind: "largefov",
      ...{ width: 1, maxChannels: 512, fcChannels: 1024, fc6Dilation: 12 },
    },
    ...{ batch: 20, crop: 321, input: 513 },
  },
  small: {
    network: {
      kind: "largefov",
      ...{ width: 0.25, maxChannels: 64, fcChannels: 128, fc6Dilation: 12 },
    },
    ...{ batch: 8, crop: 97, input: 97 },
  },
  tiny: {
    network: {
      kind: "largefov",
      ...{ width: 0.125, maxChannels: 64, fcChannels: 32, fc6Dilation: 2 },
    },
    ...{ batch: 2, crop: 33, input: 65 },
  },
};

/** The network with a head; 21 classes. */
export function segmenterOf(
  { network }: Sizes,
  head: "plain" | "bcm",
): SegmenterConfig {
  return SegmenterConfig.parse({
    network,
    head: { kind: head },
    classCount: 21,
  });
}
