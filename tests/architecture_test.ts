/**
 * The rules of ARCHITECTURE.md and the style guide that a reader of a single
 * file would not see broken.
 */
import { deepStrictEqual } from "node:assert/strict";
import { dirname } from "node:path/posix";
import {
  codeOf,
  cyclesAmong,
  docAbove,
  exportsOf,
  importsOf,
  type Module,
  moduleAt,
  modulesIn,
  specifiersOf,
} from "./modules.ts";

/** Written in AssemblyScript, which only looks like TypeScript. */
const ASSEMBLY = "lib/crf/kernel/assembly/";
const MODULES: readonly Module[] = [
  "commands",
  "lib",
  "pipeline",
  "stages",
  "tests",
].flatMap((folder) => modulesIn(folder))
  .filter(({ path }) => !path.startsWith(ASSEMBLY))
  .concat(moduleAt("main.ts"));
const SOURCES = MODULES.filter(({ path }) => !path.startsWith("tests/"));

/** `module imports other` for each import of a module that breaks a rule. */
function refused(
  isGoverned: (path: string) => boolean,
  isAllowed: (imported: string, path: string) => boolean,
): string[] {
  return MODULES.filter(({ path }) => isGoverned(path)).flatMap((module) =>
    importsOf(module)
      .filter((imported) => !isAllowed(imported, module.path))
      .map((imported) => `${module.path} imports ${imported}`)
  );
}

/** Whether a path lies in one of some folders. */
function isIn(...folders: string[]): (path: string) => boolean {
  return (path) => folders.some((folder) => path.startsWith(`${folder}/`));
}

Deno.test("lib imports only lib", () => {
  deepStrictEqual(refused(isIn("lib"), isIn("lib")), []);
});

Deno.test("pipeline imports only pipeline", () => {
  deepStrictEqual(refused(isIn("pipeline"), isIn("pipeline")), []);
});

Deno.test("stages import lib, pipeline/mod.ts and artifacts, never a stage", () => {
  const open = ["pipeline/mod.ts", "stages/artifacts.ts"];
  const isAllowed = (imported: string, path: string) =>
    isIn("lib")(imported) || open.includes(imported) ||
    path === "stages/mod.ts";
  deepStrictEqual(refused(isIn("stages"), isAllowed), []);
});

Deno.test("commands import lib and pipeline, and main.ts alone loads them", () => {
  deepStrictEqual(
    refused(isIn("commands"), isIn("commands", "lib", "pipeline")),
    [],
  );
  const others = (path: string) => !isIn("commands", "tests")(path);
  const isCommand = isIn("commands");
  deepStrictEqual(
    refused(
      others,
      (imported, path) => !isCommand(imported) || path === "main.ts",
    ),
    [],
  );
});

Deno.test("nothing imports the stages' registry but main.ts and tests", () => {
  const isAllowed = (imported: string, path: string) =>
    imported !== "stages/mod.ts" || path === "main.ts" || isIn("tests")(path);
  deepStrictEqual(refused(() => true, isAllowed), []);
});

Deno.test("only tests import tests", () => {
  const isSource = (path: string) => !isIn("tests")(path);
  deepStrictEqual(refused(isSource, isSource), []);
});

Deno.test("a file named _name.ts is imported from its own folder only", () => {
  const isAllowed = (imported: string, path: string) =>
    !/(^|\/)_[^/]+$/.test(imported) || dirname(imported) === dirname(path);
  deepStrictEqual(
    refused((path) => !isIn("tests")(path), isAllowed),
    [],
  );
});

Deno.test("modules import each other without a cycle, types included", () => {
  deepStrictEqual(cyclesAmong(MODULES), []);
});

Deno.test("cyclesAmong finds a cycle of three", () => {
  const module = (path: string, next: string) => ({
    path,
    text: `import type { X } from "./${next}";`,
  });
  deepStrictEqual(
    cyclesAmong([module("a.ts", "b.ts"), module("b.ts", "c.ts")]),
    [],
  );
  deepStrictEqual(
    cyclesAmong([
      module("a.ts", "b.ts"),
      module("b.ts", "c.ts"),
      module("c.ts", "a.ts"),
    ]),
    ["a.ts → b.ts → c.ts → a.ts"],
  );
});

Deno.test("files are named in snake_case by what they know", () => {
  const odd = MODULES.map(({ path }) => path).filter((path) => {
    const [, stem] = /([^/]+?)(\.d)?\.tsx?$/.exec(path)!;
    const isSnakeCase = /^_?[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(stem!);
    const isEmpty = /^_?(utils?|helpers?|common|misc|index)$/.test(stem!);
    return !isSnakeCase || isEmpty;
  });
  deepStrictEqual(odd, []);
});

Deno.test("each stage has a file of its name, and a test", () => {
  const stages = SOURCES.map(({ path }) => path)
    .filter((path) => isIn("stages")(path))
    .filter((path) => !/\/(mod|artifacts)\.ts$/.test(path));
  const tests = new Set(MODULES.map(({ path }) => path));
  const untested = stages.filter((path) =>
    !tests.has(`tests/${path.replace(/\.ts$/, "_test.ts")}`)
  );
  deepStrictEqual(untested, []);
  const misnamed = stages.filter((path) => {
    const { text } = moduleAt(path);
    const [, stem] = /stages\/(.*)\.ts/.exec(path)!;
    const camel = stem!.replaceAll(
      /_(.)/g,
      (_, letter) => letter.toUpperCase(),
    );
    return !text.includes(`name: "${stem}"`) ||
      !text.includes(`export const ${camel} = defineStage(`);
  });
  deepStrictEqual(misnamed, []);
});

/** Longer than 300 lines, each with its reason. */
const LONG: Readonly<Record<string, string>> = {
  "lib/crf/kernel/kernel_wasm.ts": "generated",
  "lib/graph/onnx_pb.ts": "generated",
  "lib/tensorboard/event_pb.ts": "generated",
  "pipeline/run/pass.ts": "one walk over a workflow, told in order",
  "tests/architecture_test.ts": "one rule after another, no branch",
  "tests/pipeline/run/crash_test.ts": "one claim after another, no branch",
};

Deno.test("files have at most 300 lines, or a reason and at most 500", () => {
  const long = MODULES.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split("\n").length;
    const most = LONG[path] === "generated"
      ? Infinity
      : path in LONG
      ? 500
      : 300;
    return lines > most ? [`${path}: ${lines} lines, at most ${most}`] : [];
  });
  deepStrictEqual(long, []);
});

Deno.test("every export of lib has a doc comment", () => {
  const bare = SOURCES.filter(({ path }) => isIn("lib")(path))
    .filter(({ path }) => !path.endsWith(".d.ts"))
    .flatMap((module) =>
      exportsOf(module).filter(({ line }) => docAbove(module, line) === null)
        .map(({ name, line }) => `${module.path}:${line + 1} ${name}`)
    );
  deepStrictEqual(bare, []);
});

Deno.test("every function of lib shows its use, but those that touch files", () => {
  const bare = SOURCES.filter(({ path }) => isIn("lib")(path))
    .filter(({ path, text }) => !/\/_/.test(path) && !/\bDeno\b/.test(text))
    .flatMap((module) =>
      exportsOf(module).filter(({ isFunction }) => isFunction)
        .filter(({ line }) => !docAbove(module, line)?.includes("@example"))
        .map(({ name, line }) => `${module.path}:${line + 1} ${name}`)
    );
  deepStrictEqual(bare, []);
});

Deno.test("every export of pipeline/mod.ts has a doc comment", () => {
  const { text } = moduleAt("pipeline/mod.ts");
  const lists = [...text.matchAll(/export \{([^}]+)\} from "\.\/([^"]+)"/g)];
  const bare = lists.flatMap(([, names, file]) => {
    const module = moduleAt(`pipeline/${file}`);
    const declared = exportsOf(module);
    return names!.split(",").map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== "").filter((name) => {
        const found = declared.find((each) => each.name === name);
        return !found || docAbove(module, found.line) === null;
      }).map((name) => `${module.path} ${name}`);
  });
  deepStrictEqual(bare, []);
  deepStrictEqual(lists.length > 0, true);
});

Deno.test("every module begins by saying what it is", () => {
  const silent = SOURCES.filter(({ path, text }) =>
    !path.endsWith(".d.ts") && LONG[path] !== "generated" &&
    !/^\/\*\*\n( \*.*\n)+? \* @module\n/.test(text)
  );
  deepStrictEqual(silent.map(({ path }) => path), []);
});

/** Words of what the project is about, of which its engine knows nothing. */
const DOMAIN_WORDS = new Set(
  ("annotation bbox bilateral boundary box colour crf dataset foreground " +
    "gaussian image iou jpeg jpg label lattice mask palette photo picture " +
    "pixel png prediction proposal rectangle rgb segment segmentation segmenter " +
    "trimap unary voc")
    .split(" "),
);

/** Such words that the engine may use after all, by file, with the reason. */
const ALLOWED_WORDS: readonly {
  readonly files: RegExp;
  readonly words: readonly string[];
  readonly why: string;
}[] = [
  {
    files: /\/(workflow|matrix|bind_inputs)\.ts$/,
    words: ["label"],
    why: "what an expansion over a matrix is called by",
  },
  {
    files: /\/serve\/(_pages\.tsx|served_file\.ts)$/,
    words: ["image", "jpeg", "jpg", "label", "png"],
    why: "words of HTML, and content types of files",
  },
  {
    files: /\/graph\.ts$/,
    words: ["box", "label"],
    why: "words of the DOT and Mermaid languages",
  },
  {
    files: /\/yaml_document\.ts$/,
    words: ["segment"],
    why: "part of a path in a document",
  },
  {
    files: /\/(artifact|stage|run_record|describe_event|verify_store)\.ts$/,
    words: ["image", "iou", "label", "picture", "png", "proposal"],
    why: "examples in comments of what a project may be about",
  },
];

Deno.test("pipeline has no word of the domain in code or comment", () => {
  const found = SOURCES.filter(({ path }) => isIn("pipeline")(path))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, i) => {
        const words = wordsOf(line)
          .filter((word) => DOMAIN_WORDS.has(word) && !isAllowedIn(path, word));
        return words.length === 0
          ? []
          : [`${path}:${i + 1} ${words.join()}: ${line.trim()}`];
      })
    );
  deepStrictEqual(found, []);
});

function isAllowedIn(path: string, word: string): boolean {
  return ALLOWED_WORDS.some(({ files, words }) =>
    files.test(path) && words.includes(word)
  );
}

/** Words of a line, those inside names too, in the singular. */
function wordsOf(line: string): string[] {
  return line.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase()
    .split(/[^a-z]+/).map((word) => word.replace(/(?<=x)es$|s$/, ""));
}

Deno.test("wordsOf finds words in names and plurals", () => {
  deepStrictEqual(
    wordsOf("const boxCount = imageIds.length; // of the boxes"),
    ["const", "box", "count", "image", "id", "length", "of", "the", "box"],
  );
});

Deno.test("lib/crf asks nothing of Deno or Node, so that it runs anywhere", () => {
  // A tool that no source imports.
  const compiler = "lib/crf/kernel/compile_kernel.ts";
  const bound = SOURCES.filter(({ path }) => isIn("lib/crf")(path))
    .filter(({ path }) => path !== compiler)
    .filter((module) =>
      /\bDeno\b|\bprocess\b|\bBuffer\b/.test(codeOf(module.text)) ||
      specifiersOf(module).some((name) => name.startsWith("node:"))
    );
  deepStrictEqual(bound.map(({ path }) => path), []);
  const users = SOURCES.filter((module) =>
    importsOf(module).includes(compiler)
  );
  deepStrictEqual(users.map(({ path }) => path), []);
});
