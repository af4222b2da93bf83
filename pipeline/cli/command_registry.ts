/**
 * How commands are registered: with the options that all have, and an action
 * that gets the project and gives an exit code.
 *
 * @module
 */
import { type Command, Option } from "commander";
import {
  type CliOptions,
  type GlobalOptions,
  type ParamOption,
  Project,
} from "./project.ts";

/** Registers a command whose action gets the project and gives an exit code. */
export type Register = <Options extends GlobalOptions>(
  spec: { name: string; description: string; options?: readonly Option[] },
  action: (
    project: Project,
    argument: string | undefined,
    options: Options,
    /** Arguments after the first. */
    more: readonly string[],
  ) => Promise<number> | number,
) => void;

/** Registers commands with a program, each with the options all have. */
export function commandRegistry(
  program: Command,
  cli: CliOptions,
  state: { code: number },
): Register {
  return (spec, action) => {
    const command = program.command(spec.name).description(spec.description)
      .exitOverride();
    const short = cli.paramOptions ?? [];
    const options = [
      ...(spec.options ?? []),
      ...globalOptions(),
      ...short.map(toOption),
    ];
    for (const option of options) command.addOption(option);
    command.action(async (...given: unknown[]) => {
      const count = command.registeredArguments.length;
      const [argument, ...more] = given.slice(0, count) as string[];
      const values = command.opts();
      // Before --set, so that what is said in full has the last word.
      values.set = [...overridesOf(short, values), ...values.set];
      const project = new Project(cli, values as GlobalOptions);
      // deno-lint-ignore no-explicit-any -- typed by whoever registers
      state.code = await action(project, argument, values as any, more);
    });
  };
}

function toOption({ param, choices, description }: ParamOption): Option {
  return new Option(`--${param} <name>`, description).choices(choices);
}

function overridesOf(
  short: readonly ParamOption[],
  values: Readonly<Record<string, unknown>>,
): string[] {
  return short.flatMap(({ param }) =>
    values[param] === undefined ? [] : [`${param}=${values[param]}`]
  );
}

function globalOptions(): Option[] {
  return [
    new Option("-w, --workflow <file>", "workflow file"),
    new Option("--set <name=value>", "override a workflow param; repeatable")
      .argParser(collect).default([]),
    new Option("--name <run>", "name of the run; else the workflow's"),
    new Option("--store <folder>", "where results are kept").default(".store"),
    new Option("--runs <folder>", "where runs are shown").default("runs"),
    new Option("--json", "print JSON"),
  ];
}

/** Gathers the values of an option that may be given often. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
