import { deepStrictEqual } from "node:assert";
import { freeDiskSpace } from "../../../lib/dataset/free_space.ts";

Deno.test({
  name: "freeDiskSpace says why it does not know",
  permissions: { read: true, sys: false },
  async fn() {
    deepStrictEqual(await freeDiskSpace("."), {
      bytes: null,
      why:
        'Requires sys access to "statfs", run again with the --allow-sys flag',
    });
  },
});
