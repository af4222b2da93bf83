import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  chooseEngine,
  type Machine,
} from "../../../lib/engine/choose_engine.ts";
import type { Device, Engine, EngineName } from "../../../lib/engine/engine.ts";

function engine(name: EngineName, device: Device, detail: string): Engine {
  const compile = () => Promise.reject(new Error("not to be compiled"));
  return { name, device, detail, compile };
}

/** A machine on which only some engines start: `tfjs on cpu`. */
function machine(
  { starts, gpu = null, hasCuda = false }: {
    starts: readonly string[];
    gpu?: string | null;
    hasCuda?: boolean;
  },
) {
  const tried: string[] = [];
  const starter = (name: EngineName) => (device: Device) => {
    tried.push(`${name} on ${device}`);
    return starts.includes(`${name} on ${device}`)
      ? Promise.resolve(engine(name, device, "a detail"))
      : Promise.reject(new Error("it broke\n  at some place\n"));
  };
  const fake: Machine = {
    starters: {
      "onnxruntime-node": starter("onnxruntime-node"),
      "onnxruntime-web": starter("onnxruntime-web"),
      "tfjs": starter("tfjs"),
    },
    findGpu: () => Promise.resolve(gpu),
    startCuda: () =>
      hasCuda
        ? Promise.resolve(engine("onnxruntime-node", "gpu", "CUDA"))
        : Promise.reject(new Error("no CUDA")),
  };
  return { fake, tried };
}

const AUTO = { engine: "auto", device: "auto" } as const;

Deno.test("chooseEngine takes onnxruntime-node on the CPU where there is no GPU", async () => {
  const { fake, tried } = machine({ starts: ["onnxruntime-node on cpu"] });
  const { engine, why } = await chooseEngine(AUTO, fake);
  deepStrictEqual([engine.name, engine.device], ["onnxruntime-node", "cpu"]);
  strictEqual(why, "onnxruntime-node on cpu (a detail), as no GPU was found");
  deepStrictEqual(tried, ["onnxruntime-node on cpu"]);
});

Deno.test("chooseEngine takes a GPU that is there", async () => {
  const starts = ["onnxruntime-node on gpu", "onnxruntime-node on cpu"];
  const { fake } = machine({ starts, gpu: "RTX 4090" });
  const { why } = await chooseEngine(AUTO, fake);
  strictEqual(
    why,
    "onnxruntime-node on gpu (a detail), as a GPU was found, RTX 4090",
  );
});

Deno.test("chooseEngine names a GPU once, and gives the reason without it", async () => {
  const starts = ["tfjs on gpu"];
  const { fake } = machine({ starts, gpu: "a detail" });
  const choice = { engine: "tfjs", device: "auto" } as const;
  const { reason, why } = await chooseEngine(choice, fake);
  strictEqual(why, "tfjs on gpu (a detail), as a GPU was found");
  strictEqual(reason, "a GPU was found");
});

Deno.test("chooseEngine takes a GPU that only CUDA sees", async () => {
  const starts = ["onnxruntime-node on cpu"];
  const { fake } = machine({ starts, hasCuda: true });
  const { why } = await chooseEngine(AUTO, fake);
  strictEqual(why, "onnxruntime-node on CUDA, as a GPU was found");
});

Deno.test("chooseEngine falls to what starts, and says what did not", async () => {
  const { fake } = machine({ starts: ["onnxruntime-web on cpu"] });
  const { engine, why } = await chooseEngine(AUTO, fake);
  strictEqual(engine.name, "onnxruntime-web");
  strictEqual(
    why,
    "onnxruntime-web on cpu (a detail), as no GPU was found; " +
      "onnxruntime-node on cpu did not start: it broke at some place",
  );
});

Deno.test("chooseEngine falls from a GPU that no engine runs on to the CPU", async () => {
  const { fake } = machine({ starts: ["tfjs on cpu"], gpu: "RTX 4090" });
  const { why } = await chooseEngine({ engine: "tfjs", device: "auto" }, fake);
  strictEqual(
    why,
    "tfjs on cpu (a detail), as a GPU was found, RTX 4090; " +
      "tfjs on gpu did not start: it broke at some place",
  );
});

Deno.test("chooseEngine takes what was asked for", async () => {
  const starts = ["tfjs on gpu", "onnxruntime-node on cpu"];
  const { fake, tried } = machine({ starts });
  const { why } = await chooseEngine({ engine: "tfjs", device: "gpu" }, fake);
  strictEqual(why, "tfjs on gpu (a detail), as both were asked for");
  deepStrictEqual(tried, ["tfjs on gpu"]);
});

Deno.test("chooseEngine never falls from a GPU that was asked for to the CPU", async () => {
  const { fake } = machine({ starts: ["onnxruntime-node on cpu"] });
  await rejects(chooseEngine({ engine: "auto", device: "gpu" }, fake), {
    name: "Error",
    message: "Cannot run on engine auto, device gpu as one must start: " +
      "onnxruntime-node on gpu did not start: it broke at some place; " +
      "onnxruntime-web on gpu did not start: it broke at some place; " +
      "tfjs on gpu did not start: it broke at some place",
  });
});
