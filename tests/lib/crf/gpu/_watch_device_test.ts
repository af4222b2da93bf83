import { rejects, strictEqual } from "node:assert/strict";
import {
  watched,
  type WatchedDevice,
} from "../../../../lib/crf/gpu/_watch_device.ts";

/** A device that reports one error to scopes of its kind. */
function device(
  { filter, message = "", lost }: {
    filter?: GPUErrorFilter;
    message?: string;
    lost?: Pick<GPUDeviceLostInfo, "reason" | "message">;
  },
): WatchedDevice & { readonly open: GPUErrorFilter[] } {
  const open: GPUErrorFilter[] = [];
  return {
    open,
    pushErrorScope: (filter) => void open.push(filter),
    popErrorScope: () =>
      Promise.resolve(open.pop() === filter ? { message } as GPUError : null),
    lost: lost
      ? Promise.resolve(lost as GPUDeviceLostInfo)
      : new Promise(() => {}),
  };
}

Deno.test("watched gives what the work gives and closes its scopes", async () => {
  const fine = device({});
  strictEqual(await watched(fine, () => Promise.resolve(3)), 3);
  strictEqual(fine.open.length, 0);
});

Deno.test("watched tells that the GPU has no memory left", async () => {
  const full = device({ filter: "out-of-memory", message: "no 8 GiB" });
  await rejects(watched(full, () => Promise.resolve(3)), {
    name: "Error",
    message: "Cannot run the dense CRF as the GPU must have memory left: " +
      "no 8 GiB",
  });
});

Deno.test("watched tells what WebGPU finds invalid", async () => {
  const strict = device({ filter: "validation", message: "no such binding" });
  await rejects(watched(strict, () => Promise.resolve(3)), {
    message: "Internal error: no such binding",
  });
});

Deno.test("watched tells that the device was lost", async () => {
  const lost = { reason: "destroyed", message: "unplugged" } as const;
  const work = () => Promise.reject(new Error("mapping failed"));
  await rejects(watched(device({ lost }), work), {
    message: "Cannot run the dense CRF as the GPU must not be lost " +
      "meanwhile: destroyed, unplugged",
  });
});

Deno.test("watched passes on what else is thrown, even before a promise is there", async () => {
  const fine = device({});
  const work = () => {
    throw new TypeError("no function");
  };
  await rejects(watched(fine, work), { name: "TypeError" });
  strictEqual(fine.open.length, 0);
});
