/**
 * Values in error messages: quoted, short, and safe to print on a terminal.
 *
 * @module
 */

/** Characters of a value that a message shows. */
const SHOWN = 80;

/** Text in double quotes; control characters escaped, the end cut off. */
export function quote(text: string): string {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return `"${escapeControls(shown)}"`;
}

/** Control characters as `\u001b`, so that no text can steer a terminal. */
export function escapeControls(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- these are what is escaped
    /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** A value as the end of "it is ...": a scalar itself, else its type. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return quote(value);
  if (typeof value === "object" && value !== null) return describeType(value);
  return String(value);
}

/** The type of a JSON value in words, with its article. */
export function describeType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return TYPE_WORDS[typeof value] ?? `a ${typeof value}`;
}

/** Names of types, as `typeof` and zod give them, in the words of YAML. */
export const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "a boolean",
  array: "a list",
  tuple: "a list",
  object: "a map",
  record: "a map",
  null: "null",
};
