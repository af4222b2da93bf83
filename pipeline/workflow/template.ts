/**
 * `${params.a.b}` and `${matrix.axis}` in the values of a workflow file.
 *
 * @module
 */
import { suggestion } from "./did_you_mean.ts";
import type { Path } from "./problem.ts";
import { describeType, quote } from "./wording.ts";
import type { Json } from "./workflow.ts";
import { WRONG } from "./wrong.ts";

/** Values by name. */
export type JsonMap = Readonly<Record<string, Json>>;

/** What expressions may refer to; null where that word is not allowed. */
export interface Scope {
  readonly params: JsonMap | null;
  readonly matrix: JsonMap | null;
}

/** Told of each expression that has no value. */
export type OnTemplateProblem = (
  path: Path,
  expression: string,
  message: () => string,
) => void;

/**
 * A value with all expressions in it replaced. A string that is one expression
 * becomes its value, of whatever type; in longer strings the text of scalars is
 * put in. `$${` stands for `${`. What is put in is not searched again. A string
 * with an expression that has no value becomes `WRONG`.
 */
export function substitute(
  value: Json,
  scope: Scope,
  onProblem: OnTemplateProblem,
): Json {
  return hasTemplate(value) ? substituteAt(value, [], scope, onProblem) : value;
}

/** Whether a value has a string with `${` in it. */
export function hasTemplate(value: Json): boolean {
  if (typeof value === "string") return value.includes("${");
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value)
    ? value.some(hasTemplate)
    : Object.values(value).some(hasTemplate);
}

/** Text that {@link substitute} gives back as it is. */
export function escapeTemplate(text: string): string {
  return text.replaceAll("${", () => "$${");
}

function substituteAt(
  value: Json,
  path: Path,
  scope: Scope,
  onProblem: OnTemplateProblem,
): Json {
  if (typeof value === "string") {
    return substituteText(value, scope, (expression, message) => {
      onProblem(path, expression, message);
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, i) =>
      substituteAt(item, [...path, i], scope, onProblem)
    );
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      substituteAt(field, [...path, key], scope, onProblem),
    ]),
  );
}

/** `$${`, or an expression, perhaps without its end. */
const EXPRESSION = /\$\$\{|\$\{[^{}]*(\}?)/g;

type OnProblem = (expression: string, message: () => string) => void;

function substituteText(
  text: string,
  scope: Scope,
  onProblem: OnProblem,
): Json {
  if (!text.includes("${")) return text;
  const whole = /^\$\{[^{}]*\}$/.test(text);
  if (whole) return valueOf(text, scope, onProblem);
  let isWrong = false;
  const refuse: OnProblem = (expression, message) => {
    isWrong = true;
    onProblem(expression, message);
  };
  const replaced = text.replace(
    EXPRESSION,
    (found, end: string, at: number) => {
      if (found === "$${") return "${";
      if (end === "") {
        const rest = text.slice(at);
        refuse(rest, () => `${cannot(rest)} it must end in "}": it does not`);
        return "";
      }
      const value = valueOf(found, scope, refuse);
      if (value === WRONG) isWrong = true;
      if (typeof value !== "object" || value === null) return String(value);
      refuse(found, () => noText(found, value));
      return "";
    },
  );
  return isWrong ? WRONG : replaced;
}

function noText(expression: string, value: Json): string {
  return `Cannot put ${quote(expression)} into text as it must be a scalar: ` +
    `it is ${describeType(value)}`;
}

const NAMES = /^\$\{(params|matrix)((?:\.[A-Za-z0-9_-]+)+)\}$/;

/** `params` or `matrix` and the names after it; null for other text. */
export function expressionNames(text: string): string[] | null {
  const [, root, names] = NAMES.exec(text) ?? [];
  return root === undefined || names === undefined
    ? null
    : [root, ...names.slice(1).split(".")];
}

/** The value of one expression; `WRONG`, and reported, when it has none. */
function valueOf(
  expression: string,
  scope: Scope,
  onProblem: OnProblem,
): Json {
  const names = expressionNames(expression);
  if (names === null) {
    onProblem(
      expression,
      () =>
        `${cannot(expression)} it must be a name such as "\${params.x}" or ` +
        `"\${matrix.x}": write "$\${" for a literal "\${"`,
    );
    return WRONG;
  }
  const root = names[0] as "params" | "matrix";
  const values = scope[root];
  if (values === null) {
    onProblem(expression, () => `${cannot(expression)} ${notAllowed(root)}`);
    return WRONG;
  }
  return lookUp(values, names, (message) => {
    onProblem(expression, () => `${cannot(expression)} ${message()}`);
  });
}

function notAllowed(root: string): string {
  return root === "matrix"
    ? "only steps with a matrix can use it: there is no matrix here"
    : "params can only be used in a step's params, inputs and seed, " +
      "and as a whole axis of its matrix: this is another place";
}

function lookUp(
  values: JsonMap,
  [root, ...names]: readonly string[],
  onProblem: (message: () => string) => void,
): Json {
  let found: Json = values as Json;
  let owner = root as string;
  for (const name of names) {
    if (found === WRONG) return WRONG;
    const within: Json = found;
    if (!isJsonMap(within)) {
      onProblem(() =>
        `"${owner}" must be a map to have "${name}": ` +
        `it is ${describeType(within)}`
      );
      return WRONG;
    }
    if (!Object.hasOwn(within, name)) {
      onProblem(() =>
        `"${owner}" must have "${name}": ` +
        suggestion(name, Object.keys(within))
      );
      return WRONG;
    }
    found = within[name] as Json;
    owner = `${owner}.${name}`;
  }
  return found;
}

/** Whether a JSON value is a map. */
export function isJsonMap(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cannot(expression: string): string {
  return `Cannot replace ${quote(expression)} as`;
}
