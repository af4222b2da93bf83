import { strictEqual } from "node:assert/strict";
import { joinModules, pageScript } from "../../../lib/page/page_script.ts";

Deno.test("the page's script has no module left in it, and keeps types that end no comment", () => {
  const script = pageScript();
  strictEqual(/^\s*(import|export)\b/m.exec(script), null);
  const joined = joinModules([
    "/** a\n * b\n */\nexport const a = /** @type {any} */ (1);\n",
  ]);
  strictEqual(
    joined,
    '(() => {\n"use strict";\nconst a = /** @type {any} */ (1);\n})();\n',
  );
});
