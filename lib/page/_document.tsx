/**
 * The page of a run, whole.
 *
 * @module
 */
/** @jsxImportSource preact */
// deno-lint-ignore-file jsx-key -- rendered once, never updated
import type { ComponentChildren, JSX } from "preact";
import { Figures } from "./_figures.tsx";
import { PictureBrowser } from "./_picture_browser.tsx";
import { WorkflowGraph } from "./_graph.tsx";
import { Environment, Params, Summary, Tables, Timings } from "./_overview.tsx";
import type { PageContent } from "./page_content.ts";
import type { PageRecord } from "./page_source.ts";
import { Provenance } from "./_provenance.tsx";
import { stepGroups } from "./step_groups.ts";

/** What the page is called by browsers, and may load. */
export interface PageFrame {
  readonly style: string;
  readonly script: string;
  /** Content security policy. */
  readonly policy: string;
}

/** All of the page. */
export function PageDocument(
  { content, frame }: { content: PageContent; frame: PageFrame },
): JSX.Element {
  const { name, record } = content;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={frame.policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="made-of" content={content.madeOf} />
        <title>{`Run ${name}`}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: frame.style }} />
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <Head name={name} record={record} sections={sectionsOf(content)} />
        <main id="content">
          {sectionsOf(content).map(({ id, title, body }) => (
            <section id={id} aria-labelledby={`${id}-title`}>
              <h2 id={`${id}-title`}>{title}</h2>
              {body}
            </section>
          ))}
        </main>
        <div id="said" class="unseen" role="status"></div>
        <script
          id="data"
          type="application/json"
          dangerouslySetInnerHTML={{ __html: asData(content.pictures) }}
        />
        <script dangerouslySetInnerHTML={{ __html: frame.script }} />
      </body>
    </html>
  );
}

/** JSON that ends no script, whatever texts are in it. */
function asData(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: ComponentChildren;
}

/** Those that the run has something for. */
function sectionsOf(content: PageContent): Section[] {
  const { record, pictures, figures, tables } = content;
  const groups = stepGroups(record.steps);
  const sections: (Section | false)[] = [
    { id: "summary", title: "Summary", body: <Summary record={record} /> },
    tables.length > 0 &&
    { id: "tables", title: "Tables", body: <Tables tables={tables} /> },
    pictures.sets.length > 0 && {
      id: "pictures",
      title: "Pictures",
      body: <PictureBrowser data={pictures} />,
    },
    figures.length > 0 &&
    { id: "figures", title: "Figures", body: <Figures figures={figures} /> },
    {
      id: "workflow",
      title: "Workflow",
      body: (
        <>
          <p class="quiet">
            Steps of one name stand together. A line that others imply is left
            out; what each step read is under Provenance, where a click leads.
          </p>
          <WorkflowGraph groups={groups} />
        </>
      ),
    },
    { id: "timings", title: "Timings", body: <Timings groups={groups} /> },
    {
      id: "provenance",
      title: "Provenance",
      body: <Provenance groups={groups} />,
    },
    { id: "parameters", title: "Parameters", body: <Params record={record} /> },
    {
      id: "environment",
      title: "Environment",
      body: <Environment record={record} />,
    },
  ];
  return sections.filter((section) => section !== false);
}

function Head(
  { name, record, sections }: {
    name: string;
    record: PageRecord;
    sections: readonly Section[];
  },
): JSX.Element {
  const isWhole = record.outcome === "succeeded";
  return (
    <header class="head">
      <h1>
        Run {name}{" "}
        <span class={`badge ${isWhole ? "good" : "bad"}`}>
          {record.outcome}
        </span>
      </h1>
      <p class="quiet">
        Workflow {record.workflow}, begun{" "}
        <time datetime={record.startedAt}>{minuteOf(record.startedAt)}</time> on
        {" "}
        {record.host.name}
      </p>
      {!isWhole && (
        <p class="failure">
          The last run of this workflow has not ended well: parts of what is
          shown are of another time.
        </p>
      )}
      <nav aria-label="Sections">
        {sections.map(({ id, title }) => <a href={`#${id}`}>{title}</a>)}
      </nav>
    </header>
  );
}

/** `2026-11-23 13:34 UTC` */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
