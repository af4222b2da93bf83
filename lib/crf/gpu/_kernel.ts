/**
 * A compute pass in WGSL: its text, its buffers by name, its pipeline.
 *
 * @module
 */

/** Invocations of a workgroup: WebGPU promises this many everywhere. */
export const GROUP_SIZE = 256;

/**
 * Workgroups of a dispatch at most; more items than these have invocations are
 * taken in turns. Enough to fill the largest GPU, below the 65,535 promised.
 */
const MAX_GROUPS = 8192;

/** What makes a compute pass. */
export interface KernelSource {
  /**
   * Access and type of each storage buffer, by its name in the WGSL, which is
   * its name in the store too. WebGPU promises 8 per kernel.
   */
  readonly buffers: Readonly<Record<string, string>>;
  /**
   * WGSL: how many items there are, and functions, one of them
   * `fn work(i: u32)`, called once for each; null where `code` has a main.
   */
  readonly items: string | null;
  readonly code: string;
}

/** A compute pass, ready to be dispatched. */
export interface Kernel {
  /** Bound after the parameters, which are binding 0. */
  readonly bufferNames: readonly string[];
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
}

/** The parameters of a run, as all kernels see them. */
const PARAMS = /* wgsl */ `
struct Params {
  pixels: u32,         // of all pictures of the batch
  picturePixels: u32,  // H · W
  width: u32,
  height: u32,
  labels: u32,         // L
  channels: u32,       // L − 1, or 1 while the kernel is normalised
  capacity: u32,       // lattice vertices there is room for
  words: u32,          // of the key of a vertex
  slotMask: u32,       // slots of the hash table − 1, a power of 2
  isSymmetric: u32,    // normalisation; else after
  appearanceWeight: f32,
  radiusX: u32,        // px; 0 to W − 1
  radiusY: u32,
  hasSmoothness: u32,
}
`;

/** Values of `Params`, in its order. */
export interface ParamValues {
  readonly pixels: number;
  readonly picturePixels: number;
  readonly width: number;
  readonly height: number;
  readonly labels: number;
  readonly channels: number;
  readonly capacity: number;
  readonly words: number;
  readonly slotMask: number;
  readonly isSymmetric: boolean;
  readonly appearanceWeight: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly hasSmoothness: boolean;
}

/** Bytes of `Params`; a uniform buffer is filled up to 16. */
export const PARAMS_BYTES = 64;

/** The bytes of `Params`. */
export function encodeParams(values: ParamValues): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PARAMS_BYTES);
  const view = new DataView(bytes.buffer);
  const words = [
    values.pixels,
    values.picturePixels,
    values.width,
    values.height,
    values.labels,
    values.channels,
    values.capacity,
    values.words,
    values.slotMask,
    Number(values.isSymmetric),
    values.appearanceWeight,
    values.radiusX,
    values.radiusY,
    Number(values.hasSmoothness),
  ];
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  view.setFloat32(4 * 10, values.appearanceWeight, true);
  return bytes;
}

/** Workgroups to dispatch for a number of items. */
export function groupCount(items: number): number {
  return Math.max(1, Math.min(Math.ceil(items / GROUP_SIZE), MAX_GROUPS));
}

/** Compiles a kernel. */
export async function compileKernel(
  device: GPUDevice,
  label: string,
  source: KernelSource,
): Promise<Kernel> {
  const bufferNames = Object.keys(source.buffers);
  const layout = device.createBindGroupLayout({
    label,
    entries: [
      entry(0, "uniform"),
      ...Object.values(source.buffers).map((declared, i) =>
        entry(
          i + 1,
          declared.startsWith("read ") ? "read-only-storage" : "storage",
        )
      ),
    ],
  });
  const pipeline = await device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: {
      module: device.createShaderModule({ label, code: kernelText(source) }),
      entryPoint: "main",
    },
  });
  return { bufferNames, layout, pipeline };
}

function entry(
  binding: number,
  type: GPUBufferBindingType,
): GPUBindGroupLayoutEntry {
  return { binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } };
}

/** The whole module: parameters, buffers, functions and a main. */
export function kernelText({ buffers, items, code }: KernelSource): string {
  const declared = Object.entries(buffers).map(([name, declaration], i) => {
    const at = declaration.indexOf(" ");
    const access = declaration.slice(0, at);
    const type = declaration.slice(at + 1);
    return `@group(0) @binding(${i + 1}) ` +
      `var<storage, ${access}> ${name}: ${type};\n`;
  });
  return PARAMS + "@group(0) @binding(0) var<uniform> params: Params;\n" +
    declared.join("") + code + (items === null ? "" : mainOver(items));
}

/** Each invocation takes every so-manieth item, however many there are. */
function mainOver(items: string): string {
  return /* wgsl */ `
@compute @workgroup_size(${GROUP_SIZE})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let items = ${items};
  for (var i = id.x; i < items; i += groups.x * ${GROUP_SIZE}u) {
    work(i);
  }
}
`;
}
