import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { add, mul } from "../../../lib/graph/operators/arithmetic.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { elementCount, type Value } from "../../../lib/graph/value.ts";
import { head, sliceSizes } from "../../../lib/net/attention_heads.ts";
import { NetBuilder, type NetMode } from "../../../lib/net/net_builder.ts";
import { HeadConfig } from "../../../lib/net/network_config.ts";
import { randomNumbers } from "../graph/differences.ts";
import { evaluate } from "../graph/reference.ts";

const CLASSES = 3;
const CHANNELS = 8; // slices of 3, 3 and 2
const CELLS = 4;
const STARTS = [0, 3, 6, 8];
const FEATURES = randomNumbers(CHANNELS * CELLS, 1).map(Math.abs);

const BCM = {
  concat: { kind: "bcm", combine: "concat" },
  grouped: { kind: "bcm", combine: "grouped" },
  logit: { kind: "bcm", combine: "logit" },
};
const ALL = { plain: { kind: "plain" }, bgm: { kind: "bgm" }, ...BCM };

/** A head on features of 2 × 2 cells. */
function headOf(config: unknown, mode: NetMode = "predict") {
  const graph = new Graph("head");
  const builder = new NetBuilder(graph, mode);
  const features = graph.input("features", "float32", [1, CHANNELS, 2, 2]);
  const output = head(builder, features, HeadConfig.parse(config), {
    classCount: CLASSES,
    dropoutShare: 0.5,
  });
  graph.output("scores", output.scores);
  if (output.attention !== null) graph.output("attention", output.attention);
  return { graph, builder, features, output };
}

/** Random values of a head's parameters, the same for the same shape. */
function valuesOf({ parameters }: NetBuilder): Record<string, number[]> {
  return Object.fromEntries(
    parameters.map(({ name, shape }) => [
      name,
      randomNumbers(elementCount(shape), name.length),
    ]),
  );
}

function scoresOf(config: unknown, values?: Record<string, number[]>) {
  const { graph, builder } = headOf(config);
  return evaluate(graph, {
    features: FEATURES,
    ...(values ?? valuesOf(builder)),
  });
}

function isClose(a: number, b: number, tolerance = 1e-12): boolean {
  return Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
}

Deno.test("1024 channels of 21 classes are 16 slices of 49, then 5 of 48", () => {
  deepStrictEqual(sliceSizes(1024, 21), [
    ...new Array(16).fill(49),
    ...new Array(5).fill(48),
  ]);
  deepStrictEqual(sliceSizes(1050, 21), new Array(21).fill(50));
});

Deno.test("a class without a channel is refused", () => {
  throws(() => sliceSizes(20, 21), {
    name: "RangeError",
    message: "Cannot slice features by class as each class must get a " +
      "channel: 20 channels, 21 classes",
  });
});

/** α_c · F_c of the class of channel d, by plain loops. */
function maskedFeature(d: number, p: number, values: Record<string, number[]>) {
  const c = STARTS.findIndex((start) => d < start) - 1;
  let sum = values["attention/bias"]![c]!;
  for (let k = STARTS[c]!; k < STARTS[c + 1]!; k++) {
    sum += values["attention/weight"]![k]! * FEATURES[k * CELLS + p]!;
  }
  return FEATURES[d * CELLS + p]! / (1 + Math.exp(-sum));
}

Deno.test("concat scores all slices, each masked by its own class's attention", () => {
  const { builder } = headOf(BCM.concat);
  const values = valuesOf(builder);
  const { scores } = scoresOf(BCM.concat, values);
  for (let c = 0; c < CLASSES; c++) {
    for (let p = 0; p < CELLS; p++) {
      let expected = values["fc8/bias"]![c]!;
      for (let d = 0; d < CHANNELS; d++) {
        expected += values["fc8/weight"]![c * CHANNELS + d]! *
          maskedFeature(d, p, values);
      }
      ok(isClose(scores![c * CELLS + p]!, expected));
    }
  }
});

Deno.test("grouped is α · (w · F) + b of a class's own slice", () => {
  const values = valuesOf(headOf(BCM.grouped).builder);
  const { scores, attention } = scoresOf(BCM.grouped, values);
  for (let c = 0; c < CLASSES; c++) {
    for (let p = 0; p < CELLS; p++) {
      let score = 0;
      for (let d = STARTS[c]!; d < STARTS[c + 1]!; d++) {
        score += values["fc8/weight"]![c * CHANNELS + d]! *
          FEATURES[d * CELLS + p]!;
      }
      const at = c * CELLS + p;
      const expected = attention![at]! * score + values["fc8/bias"]![c]!;
      ok(isClose(scores![at]!, expected));
    }
  }
});

Deno.test("grouped is concat whose classifier sees only the own slice", () => {
  const values = valuesOf(headOf(BCM.concat).builder);
  const own = values["fc8/weight"]!.map((w, i) => {
    const [c, d] = [Math.floor(i / CHANNELS), i % CHANNELS];
    return d >= STARTS[c]! && d < STARTS[c + 1]! ? w : 0;
  });
  const grouped = scoresOf(BCM.grouped, values).scores!;
  const concat = scoresOf(BCM.concat, { ...values, "fc8/weight": own }).scores!;
  ok(grouped.every((score, i) => isClose(score, concat[i]!)));
});

Deno.test("logit multiplies the plain scores, bias too, by the attention", () => {
  const values = valuesOf(headOf(BCM.logit).builder);
  const { scores, attention } = scoresOf(BCM.logit, values);
  const plain = scoresOf(ALL.plain, values).scores!;
  ok(scores!.every((s, i) => isClose(s, attention![i]! * plain[i]!)));
});

Deno.test("bgm has one map, and masks all features by it", () => {
  const { output } = headOf(ALL.bgm);
  deepStrictEqual(output.attention!.shape, [1, 1, 2, 2]);
  const values = valuesOf(headOf(ALL.bgm).builder);
  const { scores, attention } = scoresOf(ALL.bgm, values);
  const plain = scoresOf(ALL.plain, values).scores!;
  const bias = (i: number) => values["fc8/bias"]![Math.floor(i / CELLS)]!;
  ok(
    scores!.every((s, i) =>
      isClose(s, attention![i % CELLS]! * (plain[i]! - bias(i)) + bias(i))
    ),
  );
});

Deno.test("heads open wide give the plain head's scores; grouped only its slices'", () => {
  const values = valuesOf(headOf(ALL.plain).builder);
  const plain = scoresOf(ALL.plain, values).scores!;
  for (const config of [ALL.bgm, BCM.concat, BCM.logit]) {
    const { builder } = headOf({ ...config, alphaBias: 60 });
    const bias = builder.parameters.find(({ name }) =>
      name === "attention/bias"
    )!;
    deepStrictEqual(bias.init, { kind: "constant", value: 60 });
    const open = {
      ...valuesOf(builder),
      ...values,
      "attention/bias": new Array(bias.shape[0]).fill(60),
    };
    const { scores } = scoresOf(config, open);
    ok(scores!.every((s, i) => isClose(s, plain[i]!)), JSON.stringify(config));
  }
});

Deno.test("the class-wise attention adds D + C parameters, at 10 and 20 times the rate", () => {
  for (const combine of ["concat", "grouped"]) {
    const { builder } = headOf({ kind: "bcm", combine });
    const attention = builder.parameters
      .filter(({ name }) => name.startsWith("attention/"))
      .map(({ shape, rate, decays }) => [elementCount(shape), rate, decays]);
    deepStrictEqual(attention, [[CHANNELS, 10, true], [CLASSES, 20, false]]);
  }
});

Deno.test("attention learns at the rate that is asked for, its biases at twice that", () => {
  for (const config of [ALL.bgm, ...Object.values(BCM)]) {
    const { builder } = headOf({ ...config, attentionRate: 3 });
    const rates = builder.parameters
      .filter(({ name }) => name.startsWith("attention/"))
      .map(({ rate }) => rate);
    deepStrictEqual(rates, [3, 6], JSON.stringify(config));
  }
});

Deno.test("fc8 is the same parameter under every head", () => {
  const specs = Object.values(ALL).map((config) =>
    headOf(config).builder.parameters.filter(({ name }) =>
      name.startsWith("fc8/")
    ).sort((a, b) => a.name < b.name ? -1 : 1)
  );
  for (const each of specs) deepStrictEqual(each, specs[0]);
  strictEqual(specs[0]!.length, 2);
});

Deno.test("attention comes before dropout, masking too", () => {
  const kept = new Array(CHANNELS * CELLS).fill(0);
  for (const config of Object.values(BCM)) {
    const training = headOf(config, "train");
    const values = valuesOf(training.builder);
    const feeds = { features: FEATURES, ...values, "fc7/kept": kept };
    const { attention, scores } = evaluate(training.graph, feeds);
    deepStrictEqual(attention, scoresOf(config, values).attention);
    const bias = (i: number) => values["fc8/bias"]![Math.floor(i / CELLS)]!;
    const isLogit = config.combine === "logit";
    ok(
      scores!.every((s, i) =>
        isClose(s, bias(i) * (isLogit ? attention![i]! : 1))
      ),
    );
  }
});

/** Σ weight · value over random weights. */
function weighed(value: Value, seed: number): Value {
  const count = elementCount(value.shape);
  const weights = Float32Array.from(randomNumbers(count, seed));
  const weight = value.graph.constant(weights, value.shape);
  return reduceSum(mul(value, weight), [0, 1, 2, 3]);
}

Deno.test("gradients of every head agree with differences, through scores and attention", () => {
  const STEP = 1e-5;
  for (const [title, config] of Object.entries(ALL)) {
    const { graph, builder, features, output } = headOf(config);
    const fromScores = weighed(output.scores, 3);
    const loss = output.attention === null
      ? fromScores
      : add(fromScores, weighed(mul(output.attention, output.attention), 4));
    const learnt = [features, ...graph.parameters];
    gradients(loss, learnt).forEach((slope, i) =>
      graph.output(`by ${learnt[i]!.name}`, slope)
    );
    graph.output("loss", loss);
    const feeds: Record<string, number[]> = {
      features: FEATURES,
      ...valuesOf(builder),
    };
    const found = evaluate(graph, feeds);
    for (const { name } of learnt) {
      for (const i of feeds[name]!.keys()) {
        const at = (step: number) =>
          evaluate(graph, {
            ...feeds,
            [name]: feeds[name]!.with(i, feeds[name]![i]! + step),
          }).loss![0]!;
        const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
        const slope = found[`by ${name}`]![i]!;
        ok(
          isClose(slope, difference, 1e-7),
          `${title} ${name}[${i}]: ${slope}, by differences ${difference}`,
        );
      }
    }
  }
});
