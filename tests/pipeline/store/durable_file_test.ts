import { existsSync } from "node:fs";
import { ok } from "node:assert/strict";
import { removeIfThere } from "../../../pipeline/store/durable_file.ts";

/** Fills a folder, as a worker does that does not know its runner is dead. */
const FILLER = `
  const folder = Deno.args[0];
  const endMs = Date.now() + 600;
  for (let i = 0; Date.now() < endMs; i++) {
    try {
      Deno.mkdirSync(folder + "/a/b", { recursive: true });
      Deno.writeTextFileSync(folder + "/a/b/" + i, "x");
    } catch { /* removed in between */ }
  }
`;

Deno.test("removeIfThere removes a folder that another process still fills", async () => {
  const folder = `${Deno.makeTempDirSync({ prefix: "filled_" })}/work`;
  const filler = new Deno.Command(Deno.execPath(), {
    args: ["eval", FILLER, folder],
  }).spawn();
  let goesOn = true;
  const ended = filler.status.then(() => goesOn = false);
  let removed = 0;
  while (goesOn) {
    if (existsSync(folder)) removed++;
    removeIfThere(folder); // threw "Directory not empty"
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await ended;
  removeIfThere(folder);
  ok(removed > 0 && !existsSync(folder));
});
