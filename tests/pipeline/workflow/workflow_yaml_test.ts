import { deepStrictEqual, ok } from "node:assert";
import { formatDiagnostics } from "../../../pipeline/workflow/diagnostic.ts";
import {
  MAX_FILE_BYTES,
  readWorkflowYaml,
} from "../../../pipeline/workflow/workflow_yaml.ts";

async function errorsOf(content: string | Uint8Array): Promise<string[]> {
  const read = await readWorkflowYaml(content, { file: "w.yaml" });
  return read.ok ? [] : formatDiagnostics(read.diagnostics).split("\n");
}

Deno.test("readWorkflowYaml gives the file's content, with or without a BOM", async () => {
  for (const start of ["", "\uFEFF"]) {
    const read = await readWorkflowYaml(
      new TextEncoder().encode(`${start}workflow: w\nsteps: {}\n`),
      { file: "w.yaml" },
    );
    ok(read.ok);
    deepStrictEqual(read.workflow, { workflow: "w", steps: {} });
  }
});

Deno.test("readWorkflowYaml gives all that is wrong with the form at once", async () => {
  const errors = await errorsOf(`workflow: Wrong-Name
seed: -1
parms: {}
targets: []
steps:
  Bad:
    stage: make_number
  one:
    stagee: make_number
    retries: 200
    resources: { memory: 8 GiB, gpus: 1 }
    timeout: 0s
    isolation: proces
    matrix: { a: 3, b: "\${parms.x}", c: [null] }
    inputs: { a: 1 }
    seed: 1.5
`);
  deepStrictEqual(errors, [
    'w.yaml:1:11 Cannot read "workflow" as it must be snake_case: ' +
    'it is "Wrong-Name"',
    "workflow: Wrong-Name",
    "          ~~~~~~~~~~",
    'w.yaml:2:7 Cannot read "seed" as it must be at least 0: it is -1',
    "seed: -1",
    "      ~~",
    'w.yaml:3:1 Cannot read the workflow as it has no key "parms": ' +
    'did you mean "params"?',
    "parms: {}",
    "~~~~~",
    'w.yaml:4:10 Cannot read "targets" as it must have at least 1 item: ' +
    "it has 0",
    "targets: []",
    "         ~~",
    'w.yaml:6:3 Cannot read "steps" as its keys must be snake_case: ' +
    'it is "Bad"',
    "  Bad:",
    "  ~~~",
    'w.yaml:8:3 Cannot read "steps.one" as it must have "stage": ' +
    "it is missing",
    "  one:",
    "  ~~~",
    'w.yaml:9:5 Cannot read "steps.one" as it has no key "stagee": ' +
    'did you mean "stage"?',
    "    stagee: make_number",
    "    ~~~~~~",
    'w.yaml:10:14 Cannot read "steps.one.retries" as it must be at most ' +
    "100: it is 200",
    "    retries: 200",
    "             ~~~",
    'w.yaml:11:26 Cannot read "steps.one.resources.memory" as it must be ' +
    'bytes such as 8GiB: it is "8 GiB"',
    "    resources: { memory: 8 GiB, gpus: 1 }",
    "                         ~~~~~",
    'w.yaml:11:33 Cannot read "steps.one.resources" as it has no key ' +
    '"gpus": did you mean "cpus"?',
    "    resources: { memory: 8 GiB, gpus: 1 }",
    "                                ~~~~",
    'w.yaml:12:14 Cannot read "steps.one.timeout" as it must be a time ' +
    'such as 15m: it is "0s"',
    "    timeout: 0s",
    "             ~~",
    'w.yaml:13:16 Cannot read "steps.one.isolation" as it must be one of ' +
    '"pool", "process": it is "proces", did you mean "process"?',
    "    isolation: proces",
    "               ~~~~~~",
    'w.yaml:14:18 Cannot read "steps.one.matrix.a" as it must be a list, ' +
    "a map or a string: it is 3",
    '    matrix: { a: 3, b: "${parms.x}", c: [null] }',
    "                 ~",
    'w.yaml:14:24 Cannot read "steps.one.matrix.b" as it must be a list, ' +
    'a map or such as ${params.x}: it is "${parms.x}"',
    '    matrix: { a: 3, b: "${parms.x}", c: [null] }',
    "                       ~~~~~~~~~~~~",
    'w.yaml:14:42 Cannot read "steps.one.matrix.c.0" as it must be ' +
    "a string, a number or a boolean: it is null",
    '    matrix: { a: 3, b: "${parms.x}", c: [null] }',
    "                                         ~~~~",
    'w.yaml:15:18 Cannot read "steps.one.inputs.a" as it must be a string: ' +
    "it is 1",
    "    inputs: { a: 1 }",
    "                 ~",
    'w.yaml:16:11 Cannot read "steps.one.seed" as it must be an integer or ' +
    "a string: it is 1.5",
    "    seed: 1.5",
    "          ~~~",
  ]);
});

Deno.test("readWorkflowYaml gives all mistakes of the YAML at once", async () => {
  deepStrictEqual(await errorsOf("workflow: &name w\nsteps: *name\n"), [
    'w.yaml:1:11 Cannot read "&name" as the file must do without anchors',
    "workflow: &name w",
    "          ~~~~~",
    'w.yaml:2:8 Cannot read "*name" as the file must do without aliases',
    "steps: *name",
    "       ~~~~~",
  ]);
});

Deno.test("readWorkflowYaml refuses what is no map", async () => {
  deepStrictEqual(await errorsOf("- a\n"), [
    "w.yaml:1:1 Cannot read the file as it must be a map: it is a list",
    "- a",
    "~~~",
  ]);
  deepStrictEqual(await errorsOf(""), [
    "w.yaml:1:1 Cannot read the file as it must be a map: it is null",
  ]);
});

Deno.test("readWorkflowYaml refuses files that are too large", async () => {
  const size = MAX_FILE_BYTES + 1;
  const message = "w.yaml Cannot read the file as it may have at most " +
    `${MAX_FILE_BYTES} bytes: it has ${size}`;
  deepStrictEqual(await errorsOf(new Uint8Array(size)), [message]);
  deepStrictEqual(await errorsOf("#".repeat(size)), [message]);
});

Deno.test("readWorkflowYaml refuses what is not UTF-8", async () => {
  const message = "w.yaml Cannot read the file as it must be UTF-8";
  deepStrictEqual(await errorsOf(new Uint8Array([0x61, 0xff])), [message]);
  deepStrictEqual(await errorsOf("a: \ud800"), [message]);
});
