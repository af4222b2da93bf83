/**
 * Small parts that several sections of the page have.
 *
 * @module
 */
/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from "preact";

/** What may be wider than the page, and can be scrolled by keyboard. */
export function Scroll(
  { label, class: more = "", children }: {
    label: string;
    class?: string;
    children: ComponentChildren;
  },
): JSX.Element {
  return (
    <div
      class={`scroll ${more}`.trim()}
      role="region"
      tabIndex={0}
      aria-label={label}
    >
      {children}
    </div>
  );
}

/** A name and what it stands for, in a list of such. */
export function Fact(
  { name, children }: { name: string; children: ComponentChildren },
): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** JSON of a value: in a line, or as a block when it is long. */
export function Value({ of }: { of: unknown }): JSX.Element {
  const line = JSON.stringify(of);
  return line.length < 60
    ? <code>{line}</code>
    : <pre tabIndex={0}>{JSON.stringify(of, null, 2)}</pre>;
}
