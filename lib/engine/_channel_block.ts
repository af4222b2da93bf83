/**
 * How many channels onnxruntime's native build puts in a block.
 *
 * @module
 */
import { type InferenceSession, Tensor } from "onnxruntime-node";
import { Graph } from "../graph/graph.ts";
import { encodeOnnx } from "../graph/onnx_file.ts";
import { apply } from "../graph/value.ts";
import { REORDER_INPUT } from "./blocked_operators.ts";

/**
 * Channels in a block: 16 with AVX-512, 8 with AVX; null on processors on which
 * onnxruntime has no blocks. It makes four channels, which is the least it
 * takes, up to one.
 *
 * @param createSession Rejects where there is no such operator; all that goes
 *   wrong after it is an error.
 */
export async function measureChannelBlock(
  createSession: (model: Uint8Array) => Promise<InferenceSession>,
): Promise<number | null> {
  const graph = new Graph("block");
  const x = graph.input("x", "float32", [1, 4, 1, 1]);
  graph.output("y", apply(REORDER_INPUT, [x], {}));
  const session = await createSession(encodeOnnx(graph)).catch(() => null);
  if (session === null) return null;
  try {
    const four = new Tensor("float32", new Float32Array(4), x.shape);
    const { y } = await session.run({ x: four });
    return y!.size > 4 ? y!.size : null;
  } finally {
    await session.release();
  }
}
