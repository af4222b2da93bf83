/**
 * The compute passes of a batch, in order.
 *
 * @module
 */
import type { BatchPlan } from "./_batch_plan.ts";
import type { BufferStore, ParamsName } from "./_buffer_store.ts";
import { BLURS, FILTER_KERNELS } from "./_filter_kernels.ts";
import {
  compileKernel,
  groupCount,
  type Kernel,
  type KernelSource,
} from "./_kernel.ts";
import { LATTICE_KERNELS } from "./_lattice_kernels.ts";
import { CORNERS } from "./_lattice_plan.ts";
import { MEAN_FIELD_KERNELS, updateItems } from "./_mean_field_kernels.ts";

const SOURCES = {
  ...LATTICE_KERNELS,
  ...FILTER_KERNELS,
  ...MEAN_FIELD_KERNELS,
} satisfies Record<string, KernelSource>;

/** Name of a kernel. */
type KernelName = keyof typeof SOURCES;
/** All of them, compiled. */
export type Kernels = Readonly<Record<KernelName, Kernel>>;

/** Compiles all kernels. */
export async function compileKernels(device: GPUDevice): Promise<Kernels> {
  const compiled = Object.entries(SOURCES).map(async ([name, source]) =>
    [name, await compileKernel(device, name, source)] as const
  );
  return Object.fromEntries(await Promise.all(compiled)) as unknown as Kernels;
}

/**
 * Values filtered in one submission at most. Systems reset a GPU that does not
 * answer for about two seconds; a submission of this size takes a slow one
 * about half of one.
 */
const MAX_SUBMITTED = 1 << 24;

/** Where a batch is recorded. */
export interface Place {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly store: BufferStore;
}

/**
 * Submits what leads from uploaded pictures and unaries to the marginals, which
 * are then in the buffer `planes`.
 */
export function submitBatch(place: Place, plan: BatchPlan): void {
  const { params, lattice, spatial, iterations } = plan;
  const values = params.pixels * params.channels;
  const updated = updateItems(params.pixels, params.channels);
  const recorder = startRecorder(place);
  // Read whether there is a lattice or not.
  recorder.clear("counts", 1);
  if (lattice !== null) clearLattice(recorder, plan);
  recorder.run("turnUnary", params.pixels);
  if (iterations > 0) {
    recorder.run("startFactors", params.pixels);
    if (spatial !== null) {
      recorder.run("filterRows", params.pixels, "oneChannel");
      recorder.run("startTotals", params.pixels, "oneChannel");
    }
    if (lattice !== null) recordLattice(recorder, plan);
  }
  recorder.run(iterations === 0 ? "startMarginals" : "startQ", updated);
  for (let left = iterations; left > 0; left--) {
    if (values * iterations > MAX_SUBMITTED) recorder.submit();
    if (lattice !== null) recordFilter(recorder, plan, "params");
    if (spatial !== null) recorder.run("filterRows", values);
    recorder.run(left === 1 ? "updateMarginals" : "updateQ", updated);
  }
  recorder.submit();
}

/** What the last batch left where this one counts, or expects nothing. */
function clearLattice(recorder: Recorder, { params }: BatchPlan): void {
  recorder.clear("slots", params.slotMask + 1);
  recorder.clear("neighbours", params.capacity * CORNERS * 2);
  recorder.clear("sharers", params.capacity);
  recorder.clear("strongest", params.capacity);
}

/** Builds the lattice, then normalises its kernel. */
function recordLattice(recorder: Recorder, plan: BatchPlan): void {
  const { pixels, capacity, isSymmetric } = plan.params;
  recorder.run("locate", pixels);
  recorder.run("insert", pixels * CORNERS);
  recorder.run("number", pixels * CORNERS);
  recorder.run("place", pixels * CORNERS);
  recorder.run("neighbour", capacity * CORNERS);
  recorder.run("countUnits", capacity);
  recorder.run("splat", pixels, "oneChannel");
  recorder.run("weightUnits", capacity);
  recordFilter(recorder, plan, "oneChannel");
  recorder.run("normalise", pixels, "oneChannel");
  if (isSymmetric) {
    recorder.run("sentUnits", capacity);
    recordFilter(recorder, plan, "oneChannel");
  }
  recorder.run("addTotals", pixels, "oneChannel");
}

function recordFilter(
  recorder: Recorder,
  { params: { pixels, channels, capacity } }: BatchPlan,
  name: ParamsName,
): void {
  const filtered = name === "params" ? channels : 1;
  recorder.run("splat", pixels * filtered, name);
  for (const blur of BLURS) recorder.run(blur, capacity * filtered, name);
}

/** Takes down work for the GPU. */
interface Recorder {
  /** `items`: how many there are at most. */
  run(name: KernelName, items: number, params?: ParamsName): void;
  /** Sets the first values of 4 bytes to 0. */
  clear(name: string, values: number): void;
  /** Hands over what was taken down so far. */
  submit(): void;
}

function startRecorder({ device, kernels, store }: Place): Recorder {
  let encoder = device.createCommandEncoder();
  let pass: GPUComputePassEncoder | null = null;
  const endPass = () => {
    pass?.end();
    pass = null;
  };
  return {
    run(name, items, params = "params") {
      pass ??= encoder.beginComputePass();
      pass.setPipeline(kernels[name].pipeline);
      pass.setBindGroup(0, store.bindGroup(kernels[name], params));
      pass.dispatchWorkgroups(groupCount(items));
    },
    clear(name, values) {
      endPass();
      encoder.clearBuffer(store.get(name), 0, 4 * values);
    },
    submit() {
      endPass();
      device.queue.submit([encoder.finish()]);
      encoder = device.createCommandEncoder();
    },
  };
}
