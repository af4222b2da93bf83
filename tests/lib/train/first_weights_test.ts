import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { modelWeights } from "../../../lib/net/model_file.ts";
import {
  NetworkConfig,
  SegmenterConfig,
} from "../../../lib/net/network_config.ts";
import type { WeightsFile } from "../../../lib/net/safetensors.ts";
import {
  CLASSES_KEY,
  firstWeights,
  type Trainee,
} from "../../../lib/train/first_weights.ts";

const NETWORK = {
  kind: "largefov",
  width: 0.125,
  maxChannels: 8,
  convolutions: [1, 1, 1, 1, 1],
  fcChannels: 16,
  fc6Dilation: 1,
};

/** What is trained: a network with a head for some classes. */
function trainee(
  { network = {}, head = "plain", classNames = ["ball", "bar"], seed = 1 }: {
    network?: Record<string, unknown>;
    head?: string | Record<string, unknown>;
    classNames?: string[];
    seed?: number;
  } = {},
): Trainee {
  const config = SegmenterConfig.parse({
    network: { ...NETWORK, ...network },
    head: typeof head === "string" ? { kind: head } : head,
    classCount: classNames.length + 1,
  });
  return { config, classNames, seed };
}

/** A model as a training leaves it; without names where they are null. */
function trained(
  of: Trainee = trainee(),
  classNames: readonly string[] | null = of.classNames,
): WeightsFile {
  const { values } = firstWeights(null, of);
  const about: Record<string, string> = classNames === null
    ? {}
    : { [CLASSES_KEY]: JSON.stringify(classNames) };
  return modelWeights({ config: of.config, values, about });
}

function refusal(...differences: string[]): { name: string; message: string } {
  return {
    name: "RangeError",
    message: "Cannot start from weights as they must be of the network and " +
      `classes to train:${differences.map((each) => `\n  ${each}`).join("")}`,
  };
}

Deno.test("firstWeights takes a model over, to the bit", () => {
  const file = trained(trainee({ seed: 7 }));
  const { values, fresh, unused } = firstWeights(file, trainee());
  deepStrictEqual([fresh, unused], [[], []]);
  const name = "fc6/weight";
  deepStrictEqual(values.get(name), file.tensors.get(name)!.data);
});

Deno.test("firstWeights makes what another head has new, and tells what it left", () => {
  const plain = trained();
  const { fresh } = firstWeights(plain, trainee({ head: "bcm" }));
  deepStrictEqual(fresh, ["attention/weight", "attention/bias"]);
  const masked = trained(trainee({ head: "bgm" }));
  const { unused } = firstWeights(masked, trainee());
  deepStrictEqual(unused, ["attention/weight", "attention/bias"]);
});

const HEADS = {
  bgm: { kind: "bgm" },
  concat: { kind: "bcm", combine: "concat" },
  grouped: { kind: "bcm", combine: "grouped" },
  logit: { kind: "bcm", combine: "logit" },
} as const;
const ATTENTION = ["attention/weight", "attention/bias"];

/** A model of another seed's values, under a head. */
function masked(head: keyof typeof HEADS): WeightsFile {
  return trained(trainee({ head: HEADS[head], seed: 7 }));
}

Deno.test("firstWeights takes attention over from a head that reads it alike", () => {
  const alike = [
    ...(["bgm", "concat", "grouped", "logit"] as const).map((it) => [it, it]),
    ["concat", "grouped"],
    ["grouped", "concat"],
  ] as const;
  for (const [from, to] of alike) {
    const file = masked(from!);
    const start = firstWeights(file, trainee({ head: HEADS[to!] }));
    deepStrictEqual([start.fresh, start.unused], [[], []]);
    for (const name of ATTENTION) {
      deepStrictEqual(start.values.get(name), file.tensors.get(name)!.data);
    }
  }
});

Deno.test("firstWeights makes attention new where another head's has its shape", () => {
  const unlike = [
    ["bgm", "concat"],
    ["concat", "bgm"],
    ["grouped", "logit"],
    ["logit", "concat"],
  ] as const;
  for (const [from, to] of unlike) {
    const wanted = trainee({ head: HEADS[to] });
    const start = firstWeights(masked(from), wanted);
    deepStrictEqual(start.fresh, ATTENTION, `${from} to ${to}`);
    deepStrictEqual(start.unused, ATTENTION);
    const { values } = firstWeights(null, wanted);
    for (const name of ATTENTION) {
      deepStrictEqual(start.values.get(name), values.get(name));
    }
  }
});

Deno.test("firstWeights widens attention of whole features, never of slices, which move", () => {
  for (const head of ["bgm", "concat", "logit"] as const) {
    const network = { fc7Channels: 18 };
    const wide = trainee({ network, head: HEADS[head] });
    const { fresh, widened } = firstWeights(masked(head), wide);
    deepStrictEqual(fresh, head === "concat" ? ATTENTION : []);
    deepStrictEqual(widened.includes(ATTENTION[0]!), head !== "concat");
  }
});

Deno.test("firstWeights lets dropout, rates and frozen layers change", () => {
  const network = { dropoutShare: 0.1, classifierRate: 1, frozenBlocks: 2 };
  strictEqual(firstWeights(trained(), trainee({ network })).fresh.length, 0);
});

Deno.test("firstWeights widens fc7, and refuses to narrow it", () => {
  const wide = trainee({ network: { fc7Channels: 18 } });
  const { fresh, widened } = firstWeights(trained(), wide);
  deepStrictEqual(fresh, []);
  deepStrictEqual(widened, ["fc7/weight", "fc7/bias", "fc8/weight"]);
  throws(() => firstWeights(trained(wide), trainee()), /mis-shaped: fc7/);
});

Deno.test("firstWeights refuses another network, even one of the same shapes", () => {
  const network = { inputScale: 0.5, fcChannels: 24 };
  throws(
    () => firstWeights(trained(), trainee({ network })),
    refusal(
      "network.inputScale is 1, must be 0.5",
      "network.fcChannels is 16, must be 24",
    ),
  );
});

Deno.test("firstWeights refuses another kind of network in one line", () => {
  const config = SegmenterConfig.parse({
    network: { kind: "mobilenet_v2", width: 0.25, fcChannels: 16 },
    head: { kind: "plain" },
    classCount: 3,
  });
  throws(
    () => firstWeights(trained(), { ...trainee(), config }),
    refusal("network is largefov, must be mobilenet_v2"),
  );
});

Deno.test("firstWeights refuses other classes, or the same in another order", () => {
  const classNames = ["bar", "ball"];
  throws(
    () => firstWeights(trained(), trainee({ classNames })),
    refusal("classes are ball, bar, must be bar, ball"),
  );
});

Deno.test("firstWeights compares the count of classes where they have no names", () => {
  firstWeights(trained(trainee(), null), trainee());
  const classNames = ["ball", "bar", "blob"];
  throws(
    () => firstWeights(trained(trainee(), null), trainee({ classNames })),
    refusal("classes are 2, must be ball, bar, blob"),
  );
});

Deno.test("firstWeights tells network and classes together", () => {
  const wanted = trainee({
    network: { fcChannels: 24 },
    classNames: ["ball", "blob"],
  });
  throws(
    () => firstWeights(trained(), wanted),
    refusal(
      "network.fcChannels is 16, must be 24",
      "classes are ball, bar, must be ball, blob",
    ),
  );
});

/** An encoder as `import_weights` gives it. */
function imported(network: Record<string, unknown>): WeightsFile {
  const tensors = [...trained().tensors]
    .filter(([name]) => name.startsWith("conv1_"));
  const text = JSON.stringify(NetworkConfig.parse(network));
  return { tensors: new Map(tensors), metadata: { network: text } };
}

Deno.test("firstWeights takes an encoder of others, and makes the rest new", () => {
  const { fresh } = firstWeights(imported(NETWORK), trainee());
  strictEqual(fresh.includes("conv1_1/weight"), false);
  strictEqual(fresh.includes("conv2_1/weight"), true);
});

Deno.test("firstWeights refuses an encoder that was imported for another network", () => {
  throws(
    () => firstWeights(imported({ ...NETWORK, inputScale: 0.5 }), trainee()),
    refusal("network.inputScale is 0.5, must be 1"),
  );
});

Deno.test("firstWeights refuses metadata that are not what they should be", () => {
  const { tensors } = imported(NETWORK);
  const file = { tensors, metadata: { network: "largefov" } };
  throws(() => firstWeights(file, trainee()), {
    name: "RangeError",
    message: 'Cannot start from weights as "network" of their metadata must ' +
      "be valid: it is largefov",
  });
});
