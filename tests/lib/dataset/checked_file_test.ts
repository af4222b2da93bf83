import { rejects, strictEqual } from "node:assert";
import { checkFile } from "../../../lib/dataset/checked_file.ts";
import { BODY, SHA256 } from "./_download_scene.ts";

Deno.test("checkFile refuses another length before it reads", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, BODY);
  await rejects(() => checkFile(path, { bytes: 2000, sha256: null }), {
    message: `Cannot accept "${path}" as it must have 2,000 bytes: has 1,000`,
  });
  await Deno.remove(path);
});

Deno.test("checkFile takes a spoilt <path>.sha256 for none", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.bin`;
  await Deno.writeFile(path, BODY);
  await Deno.writeTextFile(`${path}.sha256`, SHA256.slice(0, 20));
  const unknown = { bytes: null, sha256: null };
  strictEqual((await checkFile(path, unknown)).check, "firstUse");
  strictEqual((await checkFile(path, unknown)).check, "sameAsFirst");
  await Deno.remove(folder, { recursive: true });
});
