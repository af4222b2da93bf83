import { strictEqual } from "node:assert/strict";
import {
  formatAdapter,
  isHardware,
} from "../../../lib/engine/webgpu_adapter.ts";

const INFO = { vendor: "4318", architecture: "", device: "", description: "" };

Deno.test("isHardware tells GPUs from programs that stand in for them", () => {
  const named = (description: string) => isHardware({ ...INFO, description });
  strictEqual(named("NVIDIA H200"), true);
  strictEqual(named("AMD Radeon RX 7900 XTX (RADV NAVI31)"), true);
  strictEqual(named("Apple M3"), true);
  strictEqual(named("llvmpipe (LLVM 15.0.6, 256 bits)"), false);
  strictEqual(named("SwiftShader Device (Subzero)"), false);
  strictEqual(named("Microsoft Basic Render Driver"), false);
  strictEqual(isHardware({ ...INFO, isFallbackAdapter: true }), false);
});

Deno.test("formatAdapter says what the driver does", () => {
  strictEqual(
    formatAdapter({ ...INFO, description: "NVIDIA H200" }),
    "NVIDIA H200",
  );
  strictEqual(
    formatAdapter({ ...INFO, architecture: "hopper" }),
    "4318 hopper",
  );
  strictEqual(formatAdapter({ ...INFO, vendor: "" }), "unnamed GPU");
});
