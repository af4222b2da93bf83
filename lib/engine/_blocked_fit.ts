/**
 * What of a graph onnxruntime can run in channel blocks, and what ends up there.
 *
 * @module
 */
import type { Operator } from "../graph/operator.ts";
import { CONV, type ConvAttributes } from "../graph/operators/convolution.ts";
import { AVERAGE_POOL, MAX_POOL } from "../graph/operators/pooling.ts";
import { CONCAT, PAD, RESHAPE, SLICE } from "../graph/operators/shape.ts";
import { isSameShape, type Node, type Value } from "../graph/value.ts";
import { BLOCKED_AVERAGE_POOL, BLOCKED_MAX_POOL } from "./blocked_operators.ts";
import { blockedShape } from "./_blocked_values.ts";

/** Operators by element: to them, all orders of elements are the same. */
const BY_ELEMENT: ReadonlySet<string> = new Set(
  ("Add And Cast Clip Div Equal Exp Greater Less Log Max Min Mul Neg Not Or " +
    "Relu Sigmoid Sqrt Sub Where").split(" "),
);

/** Whether a node is of an operator, whose attributes it then has. */
export function isOf<A extends Node["attributes"]>(
  node: Node,
  operator: Operator<A>,
): node is Node & Node<A> {
  return node.operator === operator as unknown;
}

/** What a pooling is in blocks; undefined if a node is none. */
export function poolInBlocks(node: Node): Operator | undefined {
  if (isOf(node, MAX_POOL)) return BLOCKED_MAX_POOL as unknown as Operator;
  if (isOf(node, AVERAGE_POOL)) {
    return BLOCKED_AVERAGE_POOL as unknown as Operator;
  }
  return undefined;
}

/** Whether onnxruntime has a convolution in blocks for it. */
export function fitsBlocks(node: Node<ConvAttributes>, block: number): boolean {
  const { inputs: [, weight], attributes: { group } } = node;
  const [filters, depth] = weight!.shape as [number, number];
  if (filters % block !== 0) return false;
  if (group === 1) return takesPlain(node, block) || depth % block === 0;
  return depth === 1 && filters === group;
}

/** Whether it takes its input in plain order: fewer channels than a block. */
export function takesPlain(
  { inputs: [, weight], attributes: { group } }: Node<ConvAttributes>,
  block: number,
): boolean {
  return group === 1 && weight!.shape[1]! < block;
}

/** Whether all orders of elements are the same to a node. */
export function isByElement({ operator }: Node): boolean {
  return BY_ELEMENT.has(operator.name);
}

/**
 * The attributes with which a node that moves elements moves blocks; null if
 * its channels are moved, or it is of another kind.
 */
export function inBlocksOfMove(
  node: Node,
  block: number,
): Node["attributes"] | null {
  const { inputs: [x], outputs: [y] } = node;
  const fits = [...node.inputs, y!].every(({ shape, type }) =>
    type === "float32" && shape.length > 2 && shape[1]! % block === 0
  );
  if (!fits) return null;
  const planes = ({ shape }: Value) => shape[0]! * shape[1]!;
  if (isOf(node, RESHAPE)) {
    const isOfPlanes = planes(x!) === planes(y!);
    return isOfPlanes ? { shape: blockedShape(y!.shape, block) } : null;
  }
  if (isOf(node, CONCAT)) {
    return node.attributes.axis > 1 ? node.attributes : null;
  }
  if (isOf(node, SLICE)) {
    return node.attributes.axes.every((axis) => axis > 1)
      ? node.attributes
      : null;
  }
  if (!isOf(node, PAD) || planes(x!) !== planes(y!)) return null;
  const { pads } = node.attributes;
  const rank = x!.shape.length;
  return { pads: [...pads.slice(0, rank), 0, ...pads.slice(rank), 0] };
}

/**
 * The planes that the weight of a convolution of planes was; null if it is an
 * ordinary weight.
 */
export function planesOfWeight(
  { shape }: Value,
  producer: Node | undefined,
  block: number,
): Value | null {
  const planes = producer?.inputs[0];
  const isOfPlanes = planes !== undefined && isOf(producer!, RESHAPE) &&
    planes.shape.length === 4 && planes.shape[1]! % block === 0 &&
    isSameShape(shape, [
      planes.shape[0]! * planes.shape[1]!,
      1,
      ...planes.shape.slice(2),
    ]);
  return isOfPlanes ? planes : null;
}

/**
 * Nodes whose output ends up, through others that can run in blocks, in a
 * convolution or pooling that does. What moves elements for a matrix product
 * does not: it would have to be reordered piece by piece.
 */
export function wantedInBlocks(
  nodes: readonly Node[],
  users: ReadonlyMap<Value, readonly Node[]>,
  block: number,
): Set<Node> {
  const wanted = new Set<Node>();
  for (const node of nodes.toReversed()) {
    const [output] = node.outputs;
    const isWanted = users.get(output!)?.some((user) =>
      isOf(user, CONV)
        ? user.inputs[0] === output && fitsBlocks(user, block) &&
          !takesPlain(user, block)
        : poolInBlocks(user) !== undefined ||
          wanted.has(user) && (isByElement(user) || inBlocksOfMove(user, block))
    );
    if (isWanted) wanted.add(node);
  }
  return wanted;
}
