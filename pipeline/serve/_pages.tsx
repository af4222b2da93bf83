/**
 * The pages of the local server.
 *
 * @module
 */
/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from "preact";
import { formatSeconds } from "../cli/units_of_measure.ts";
import { endedRecord, type KnownRun } from "./known_run.ts";
import { type MetricRow, metricRows } from "./metric_rows.ts";

/** What all pages have around what they show. */
export function Frame(
  { title, script = false, children }: {
    title: string;
    script?: boolean;
    children: ComponentChildren;
  },
): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/serve.css" />
        {script && <script type="module" src="/assets/serve.js"></script>}
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** All runs, and the choice of two to compare. */
export function RunList({ runs }: { runs: readonly KnownRun[] }): JSX.Element {
  return (
    <Frame title="Runs">
      <h1>Runs</h1>
      {runs.length === 0 ? <p>There is none yet.</p> : <RunTable runs={runs} />}
      {runs.filter((run) => endedRecord(run) !== null).length > 1 &&
        <Choice runs={runs} />}
    </Frame>
  );
}

function RunTable({ runs }: { runs: readonly KnownRun[] }): JSX.Element {
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label="Runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Workflow</th>
            <th scope="col">Begun</th>
            <th scope="col" class="number">Took</th>
            <th scope="col" class="number">Steps</th>
            <th scope="col">Page</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr>
              <th scope="row">
                <a href={`/run/${run.name}/`}>{run.name}</a>
              </th>
              <td>
                <State run={run} />
              </td>
              <td>{run.record?.workflow ?? "–"}</td>
              <td>{begun(run)}</td>
              <td class="number">{took(run)}</td>
              <td class="number">{run.record?.steps.length ?? "–"}</td>
              <td>
                {run.hasPage
                  ? <a href={`/run/${run.name}/page/`}>page</a>
                  : <span class="quiet">none</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function took(run: KnownRun): string {
  const record = endedRecord(run);
  return record === null ? "–" : formatSeconds(record.seconds);
}

function begun(run: KnownRun): string {
  const record = endedRecord(run);
  if (record === null) return "–";
  return `${record.startedAt.slice(0, 16).replace("T", " ")} UTC`;
}

function State({ run }: { run: KnownRun }): JSX.Element {
  if (run.isGoingOn) return <strong>running</strong>;
  if (run.isBrokenOff) return <span class="bad">broken off</span>;
  if (run.record === null) return <span class="quiet">not ended</span>;
  const { outcome } = run.record;
  return <span class={outcome === "succeeded" ? "good" : "bad"}>{outcome}
  </span>;
}

/** One run, and how far it is. */
export function RunStatus({ run }: { run: KnownRun }): JSX.Element {
  return (
    <Frame title={`Run ${run.name}`} script>
      <p>
        <a href="/">All runs</a>
      </p>
      <h1>Run {run.name}</h1>
      <PageLink run={run} />
      <h2>Progress</h2>
      <p id="state" role="status">
        <State run={run} />
      </p>
      <div id="told" hidden>
        <progress id="whole" class="whole" max="1" value="0" aria-label="Steps">
        </progress>
        <Steps id="open" label="Steps that are running or failed" />
        <details>
          <summary>Steps that have ended</summary>
          <Steps id="settled" label="Steps that have ended" />
        </details>
      </div>
    </Frame>
  );
}

function PageLink({ run }: { run: KnownRun }): JSX.Element {
  if (run.hasPage) {
    return (
      <p>
        <a href="page/">Its page</a>: tables, figures and what else there is.
      </p>
    );
  }
  const command = `npx -y deno task report ${run.name}`;
  return run.record === null
    ? <p class="quiet">A page of it can be made when it has ended.</p>
    : (
      <p>
        It has no page yet, and this server writes none: <code>{command}</code>
        {" "}
        makes it.
      </p>
    );
}

function Steps({ id, label }: { id: string; label: string }): JSX.Element {
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">State</th>
            <th scope="col">How far</th>
            <th scope="col">What it says</th>
          </tr>
        </thead>
        <tbody id={id}></tbody>
      </table>
    </div>
  );
}

function Choice(
  { runs, chosen = [] }: {
    runs: readonly KnownRun[];
    chosen?: readonly string[];
  },
): JSX.Element {
  const names = runs.filter((run) => endedRecord(run) !== null)
    .map(({ name }) => name);
  return (
    <form action="/compare" method="get">
      {["a", "b"].map((field, i) => (
        <label>
          {i === 0 ? "Compare" : "with"}
          <select name={field}>
            {names.map((name) => (
              <option selected={name === (chosen[i] ?? names[i])}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button type="submit">Compare</button>
    </form>
  );
}

/** Two runs side by side, metric by metric. */
export function Comparison(
  { runs, before, after }: {
    runs: readonly KnownRun[];
    before: KnownRun;
    after: KnownRun;
  },
): JSX.Element {
  const rows = metricRows(
    endedRecord(before)?.metrics ?? {},
    endedRecord(after)?.metrics ?? {},
  );
  const shared = rows.filter(({ change }) => change !== null);
  const changed = shared.filter(({ change }) => change !== 0);
  const lone = rows.filter(({ change }) => change === null);
  return (
    <Frame title={`${before.name} and ${after.name}`}>
      <p>
        <a href="/">All runs</a>
      </p>
      <h1>{before.name} and {after.name}</h1>
      <Choice runs={runs} chosen={[before.name, after.name]} />
      <p>
        {changed.length} of {shared.length} metrics that both have differ;{" "}
        {lone.length}{" "}
        are in one of them only. For tolerances, digests and single items there
        is <code>npx -y deno task compare</code>.
      </p>
      <h2>What differs</h2>
      <Metrics rows={changed} before={before.name} after={after.name} />
      <details>
        <summary>In one of them only</summary>
        <Metrics rows={lone} before={before.name} after={after.name} />
      </details>
      <details>
        <summary>All metrics</summary>
        <Metrics rows={rows} before={before.name} after={after.name} />
      </details>
    </Frame>
  );
}

function Metrics(
  { rows, before, after }: {
    rows: readonly MetricRow[];
    before: string;
    after: string;
  },
): JSX.Element {
  if (rows.length === 0) return <p class="quiet">None.</p>;
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label="Metrics">
      <table>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" class="number">{before}</th>
            <th scope="col" class="number">{after}</th>
            <th scope="col" class="number">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">{row.name}</th>
              <td class="number">{number(row.before)}</td>
              <td class="number">{number(row.after)}</td>
              <td class="number">{signed(row.change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function number(value: number | null): string {
  return value === null ? "–" : `${Number(value.toPrecision(5))}`;
}

function signed(value: number | null): string {
  if (value === null) return "–";
  const text = number(Math.abs(value));
  return value === 0 ? "0" : value > 0 ? `+${text}` : `−${text}`;
}

/** What there is instead of what was asked for. */
export function Refusal(
  { title, text }: { title: string; text: string },
): JSX.Element {
  return (
    <Frame title={title}>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a href="/">All runs</a>
      </p>
    </Frame>
  );
}
