/**
 * The figures of a run, each with its numbers.
 *
 * @module
 */
/** @jsxImportSource preact */
// deno-lint-ignore-file jsx-key -- rendered once, never updated
import type { JSX } from "preact";
import type { FigureTable } from "../figure/figure.ts";
import type { PageFigure } from "./page_content.ts";
import { Scroll } from "./_parts.tsx";

/** All figures; drawings are files of their own, loaded when near. */
export function Figures(
  { figures }: { figures: readonly PageFigure[] },
): JSX.Element {
  return (
    <>
      {figures.map(({ id, title, caption, alt, path, size, table }) => (
        <figure id={`figure-${id}`}>
          <h3>{title}</h3>
          <a href={path}>
            <img
              src={path}
              alt={alt}
              loading="lazy"
              decoding="async"
              {...size}
            />
          </a>
          <figcaption>{caption}</figcaption>
          {table && <Numbers title={title} table={table} />}
        </figure>
      ))}
    </>
  );
}

function Numbers(
  { title, table: { columns, rows } }: { title: string; table: FigureTable },
): JSX.Element {
  return (
    <details>
      <summary>The numbers: {title}</summary>
      <Scroll label={`Numbers: ${title}`}>
        <table>
          <thead>
            <tr>{columns.map((text) => <th scope="col">{text}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map(([first, ...cells]) => (
              <tr>
                <th scope="row">{first}</th>
                {cells.map((text) => <td class="number">{text}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
