/**
 * What there is to know of a run as a whole.
 *
 * @module
 */
/** @jsxImportSource preact */
import type { JSX } from "preact";
import { formatDuration, formatSize } from "./amounts.ts";
import { scoreHeadlines, workHeadlines } from "./headlines.ts";
import { markdownHtml } from "./markdown_html.ts";
import type { PageContent } from "./page_content.ts";
import type { PageRecord } from "./page_source.ts";
import { Fact, Scroll, Value } from "./_parts.tsx";
import type { StepGroup } from "./step_groups.ts";

/** What the run came to, in a few numbers. */
export function Summary({ record }: { record: PageRecord }): JSX.Element {
  const headlines = [
    ...scoreHeadlines(record.metrics),
    ...workHeadlines(record),
  ];
  return (
    <dl class="cards">
      {headlines.map(({ name, value }) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Tables that steps wrote. */
export function Tables({ tables }: Pick<PageContent, "tables">): JSX.Element {
  return (
    <>
      {tables.map(({ step, text }) => (
        <article
          class="markdown"
          dangerouslySetInnerHTML={{ __html: markdownHtml(text, step) }}
        />
      ))}
    </>
  );
}

/** Time and memory of the steps by name. */
export function Timings(
  { groups }: { groups: readonly StepGroup[] },
): JSX.Element {
  const longest = Math.max(...groups.map(({ seconds }) => seconds ?? 0), 1e-9);
  return (
    <Scroll label="Table: timings">
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Stage</th>
            <th scope="col" class="number">Times</th>
            <th scope="col" class="number">Time of jobs</th>
            <th scope="col">Share</th>
            <th scope="col" class="number">Peak memory</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ name, stage, steps, seconds, peakMemoryBytes }) => (
            <tr>
              <th scope="row">
                <a href={`#step-${name}`}>{name}</a>
              </th>
              <td>{stage}</td>
              <td class="number">{steps.length}</td>
              <td class="number">
                {seconds === null ? "–" : formatDuration(seconds)}
              </td>
              <td>
                <svg class="bar" width="120" height="10" aria-hidden="true">
                  <rect
                    width={Math.round(120 * (seconds ?? 0) / longest)}
                    height="10"
                  />
                </svg>
              </td>
              <td class="number">
                {peakMemoryBytes === null ? "–" : formatSize(peakMemoryBytes)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Params of the workflow. */
export function Params({ record }: { record: PageRecord }): JSX.Element {
  return (
    <>
      <p>
        Of the workflow <code>{record.file}</code>{" "}
        as it was run; those of each step are under Provenance.
      </p>
      <dl class="facts">
        {Object.entries(record.params).map(([name, value]) => (
          <Fact name={name}>
            <Value of={value} />
          </Fact>
        ))}
      </dl>
    </>
  );
}

/** What the run was made with, and where. */
export function Environment({ record }: { record: PageRecord }): JSX.Element {
  const { commit, host, versions, packages } = record;
  return (
    <>
      <dl class="facts">
        <Fact name="Commit">
          {commit === null ? "none: no repository" : <code>{commit.hash}</code>}
          {commit?.dirty && " with changes that are in no commit"}
        </Fact>
        <Fact name="Host">
          {host.name}: {host.cpus} cores, {formatSize(host.memoryBytes)},{" "}
          {host.os} on {host.arch}
        </Fact>
        {Object.entries(versions).map(([name, version]) => (
          <Fact name={name}>{version}</Fact>
        ))}
        <Fact name="Steps digest">
          <code>{record.stepsDigest}</code>
        </Fact>
      </dl>
      <details>
        <summary>Packages: {Object.keys(packages).length}</summary>
        <dl class="facts">
          {Object.entries(packages).map(([name, version]) => (
            <Fact name={name}>{version}</Fact>
          ))}
        </dl>
      </details>
    </>
  );
}
