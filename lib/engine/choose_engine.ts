/**
 * Picks the engine to run graphs with.
 *
 * Libraries are loaded when their engine is tried, so a machine without the
 * native add-on, or without the permission to load it, runs the others.
 *
 * @module
 */
import type { Device, Engine, EngineName } from "./engine.ts";
import { findAdapter, formatAdapter, isHardware } from "./webgpu_adapter.ts";

/** What to run on; `auto` leaves it to the machine. */
export interface EngineChoice {
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
}

/** An engine, and why it is the one. */
export interface ChosenEngine {
  readonly engine: Engine;
  /** Such as "no GPU was found". */
  readonly reason: string;
  /** In one sentence: the engine, what it runs on, and the reason. */
  readonly why: string;
}

/** Starts an engine on a device. */
export type EngineStarter = (device: Device) => Promise<Engine>;

/** What the choice is made by; tests put their own. */
export interface Machine {
  readonly starters: Readonly<Record<EngineName, EngineStarter>>;
  /** Name of a GPU that WebGPU sees and that is hardware; null: there is none. */
  findGpu(): Promise<string | null>;
  /** Starts onnxruntime-node on a GPU that only CUDA may see. */
  startCuda(): Promise<Engine>;
}

/** The fastest first, as measured (docs/performance.md). */
const ORDER: readonly EngineName[] = [
  "onnxruntime-node",
  "onnxruntime-web",
  "tfjs",
];

const THIS_MACHINE: Machine = {
  starters: {
    "onnxruntime-node": async (device) =>
      (await import("./onnxruntime_node.ts")).startOnnxruntimeNode(device),
    "onnxruntime-web": async (device) =>
      (await import("./onnxruntime_web.ts")).startOnnxruntimeWeb(device),
    "tfjs": async (device) => (await import("./tfjs.ts")).startTfjs(device),
  },
  startCuda: async () =>
    (await import("./onnxruntime_node.ts"))
      .startOnnxruntimeNode("gpu", { providers: ["cuda"] }),
  async findGpu() {
    const adapter = await findAdapter();
    return adapter !== null && isHardware(adapter.info)
      ? formatAdapter(adapter.info)
      : null;
  },
};

/**
 * Starts the engine that was asked for, or the best one there is.
 *
 * With device `auto` a GPU is taken if it is hardware; a program that stands in
 * for one is slower than the CPU, and is only taken for device `gpu`.
 *
 * @throws {Error} When none starts; names what was tried, and why it did not.
 *
 * @example
 * ```ts
 * import { chooseEngine } from "./choose_engine.ts";
 * import { match } from "node:assert";
 *
 * const { why } = await chooseEngine({ engine: "auto", device: "cpu" });
 * match(why, /^onnxruntime-\w+ on cpu/);
 * ```
 */
export async function chooseEngine(
  choice: EngineChoice,
  machine: Machine = THIS_MACHINE,
): Promise<ChosenEngine> {
  const refusals: string[] = [];
  for (const each of await tries(choice, machine)) {
    const { name, on, start, isGuess } = each;
    const started = await engineOrRefusal(start);
    if (typeof started !== "string") {
      const { detail } = started;
      const reason = [each.reason(detail), ...refusals].join("; ");
      const isNamed = detail.toLowerCase() === on.toLowerCase();
      const place = isNamed ? on : `${on} (${detail})`;
      return {
        engine: started,
        reason,
        why: `${name} on ${place}, as ${reason}`,
      };
    }
    if (!isGuess) refusals.push(`${name} on ${on} did not start: ${started}`);
  }
  throw new Error(
    `Cannot run on engine ${choice.engine}, device ${choice.device} as one ` +
      `must start: ${refusals.join("; ")}`,
  );
}

/** One engine to start. */
interface Try {
  readonly name: EngineName;
  readonly on: string;
  start(): Promise<Engine>;
  /** Why it is its turn, if it comes to it; `detail` is told with it. */
  reason(detail: string): string;
  /** Whether it is nothing to be told if it does not start. */
  readonly isGuess?: boolean;
}

/** What to start, in this order. */
async function tries(
  { engine, device }: EngineChoice,
  machine: Machine,
): Promise<Try[]> {
  const names = engine === "auto" ? ORDER : [engine];
  const allOn = (on: Device, reason: Try["reason"]): Try[] =>
    names.map((name) => ({
      name,
      on,
      start: () => machine.starters[name](on),
      reason,
    }));
  if (device !== "auto") {
    const reason = engine === "auto"
      ? `device ${device} was asked for`
      : "both were asked for";
    return allOn(device, () => reason);
  }
  const gpu = await machine.findGpu();
  if (gpu !== null) {
    const reason = (detail: string) =>
      detail.includes(gpu) ? "a GPU was found" : `a GPU was found, ${gpu}`;
    return [...allOn("gpu", reason), ...allOn("cpu", reason)];
  }
  const onCpu = allOn("cpu", () => "no GPU was found");
  if (!names.includes("onnxruntime-node")) return onCpu;
  const cuda: Try = {
    name: "onnxruntime-node",
    on: "CUDA",
    start: () => machine.startCuda(),
    reason: () => "a GPU was found",
    isGuess: true,
  };
  return [cuda, ...onCpu];
}

/** The engine, or why it did not start. */
async function engineOrRefusal(
  start: () => Promise<Engine>,
): Promise<Engine | string> {
  try {
    return await start();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.trim().replace(/\s*\n\s*/g, " ");
  }
}
