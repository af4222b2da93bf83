/** MozJPEG's decoder. */
export const decoder: WebAssembly.Module;
/** MozJPEG's encoder. */
export const encoder: WebAssembly.Module;
