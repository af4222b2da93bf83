import { bilinearResize } from "../../../../lib/graph/operators/resize.ts";
import { matMul } from "../../../../lib/graph/operators/linear.ts";
import { assertGradients } from "../differences.ts";

Deno.test("gradients of matMul match differences, stacks broadcast or not", () => {
  const shapes = [
    [[2, 3], [3, 4]],
    [[2, 2, 3], [3, 2]],
    [[2, 3], [2, 1, 3, 2]],
    [[2, 1, 1, 2], [3, 2, 2]],
  ] as const;
  for (const [a, b] of shapes) {
    assertGradients({ a, b }, ({ a, b }) => matMul(a!, b!));
  }
});

Deno.test("gradients of bilinearResize match differences, up and down", () => {
  for (const size of [[5, 7], [2, 3], [1, 1]]) {
    assertGradients({ x: [2, 1, 3, 4] }, ({ x }) => bilinearResize(x!, size));
  }
});
