import { deepStrictEqual, ok } from "node:assert/strict";

const PROGRAM = `
  const { startOnnxruntimeNode } = await import(${
  JSON.stringify(
    new URL("../../../lib/engine/onnxruntime_node.ts", import.meta.url).href,
  )
});
  await startOnnxruntimeNode("cpu");
  await new Promise((resolve) => setTimeout(resolve, 300));
`;

Deno.test("onnxruntime leaves nothing in the user's home", async () => {
  const home = await Deno.makeTempDir({ prefix: "home_" });
  // Where Deno keeps packages must stay known, though home is another.
  const { denoDir } = JSON.parse(
    new TextDecoder().decode(
      (await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] })
        .output()).stdout,
    ),
  );
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", PROGRAM],
    cwd: new URL("../../../", import.meta.url),
    env: { HOME: home, XDG_CACHE_HOME: home, DENO_DIR: denoDir },
  }).output();
  ok(success);
  deepStrictEqual([...Deno.readDirSync(home)], []);
  await Deno.remove(home, { recursive: true });
});
