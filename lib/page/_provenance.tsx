/**
 * What each step read and gave, down to digests.
 *
 * @module
 */
/** @jsxImportSource preact */
// deno-lint-ignore-file jsx-key -- rendered once, never updated
import type { ComponentChildren, JSX } from "preact";
import { formatDuration, formatSize } from "./amounts.ts";
import type { FigureOrigin } from "../figure/figure_source.ts";
import type { PageOutput, PageStep } from "./page_source.ts";
import { Fact, Scroll } from "./_parts.tsx";
import { stateName } from "./_graph.tsx";
import type { StepGroup } from "./step_groups.ts";

/** Of all steps, one line each, to be opened. */
export function Provenance(
  { groups }: { groups: readonly StepGroup[] },
): JSX.Element {
  return <>{groups.map((group) => <Group group={group} />)}</>;
}

function Group({ group }: { group: StepGroup }): JSX.Element {
  const { name, stage, state, seconds, steps } = group;
  return (
    <details id={`step-${name}`} class="step">
      <summary>
        <span class={`dot state-${state}`} aria-hidden="true"></span>
        <strong>{name}</strong>
        {steps.length > 1 && <span>× {steps.length}</span>}
        <span class="quiet">{stage}</span>
        <span class="quiet">{stateName(state)}</span>
        {seconds !== null && (
          <span class="quiet">{formatDuration(seconds)}</span>
        )}
      </summary>
      {steps.length === 1
        ? <Step step={steps[0]!} />
        : steps.map((step) => (
          <details class="expansion">
            <summary>{step.id}</summary>
            <Step step={step} />
          </details>
        ))}
    </details>
  );
}

function Step({ step }: { step: PageStep }): JSX.Element {
  const { stage, version, state, seed, seconds, peakMemoryBytes } = step;
  return (
    <>
      {step.message !== null && <p class="failure">{step.message}</p>}
      <dl class="facts">
        <Fact name="Stage">{stage}, version {version}</Fact>
        <Fact name="State">{stateName(state)}</Fact>
        {seed !== 0 && <Fact name="Seed">{seed}</Fact>}
        {seconds !== null && (
          <Fact name="Time of jobs">{formatDuration(seconds)}</Fact>
        )}
        {peakMemoryBytes !== null && (
          <Fact name="Peak memory">{formatSize(peakMemoryBytes)}</Fact>
        )}
        <Fact name="Fingerprint">
          <Digest of={`fingerprint of ${step.id}`} digest={step.fingerprint} />
        </Fact>
        <Fact name="Code">
          <Digest of={`code of ${step.id}`} digest={step.code} />
        </Fact>
      </dl>
      <Rows title="Reads" step={step} rows={inputRows(step)} />
      <Rows title="Gives" step={step} rows={outputRows(step)} />
      <Params params={step.params} />
    </>
  );
}

function Params(
  { params }: { params: PageStep["params"] },
): JSX.Element | null {
  if (Object.keys(params).length === 0) return null;
  return (
    <details class="params">
      <summary>Parameters</summary>
      <pre tabIndex={0}>{JSON.stringify(params, null, 2)}</pre>
    </details>
  );
}

interface Row {
  readonly name: string;
  readonly about: ComponentChildren;
  readonly digest: string | null;
}

function Rows(
  { title, step, rows }: {
    title: string;
    step: PageStep;
    rows: readonly Row[];
  },
): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <Scroll label={`${title}: ${step.id}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">{title === "Reads" ? "From" : "Size"}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, about, digest }) => (
            <tr>
              <td>{name}</td>
              <td>{about}</td>
              <td>
                <Digest of={`${name} of ${step.id}`} digest={digest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** A digest with a button that copies it. */
function Digest(
  { of, digest }: { of: string; digest: string | null },
): JSX.Element {
  if (digest === null) return <span class="quiet">none</span>;
  return (
    <span class="digest">
      <code>{digest}</code>
      <button type="button" class="copy" aria-label={`Copy digest: ${of}`}>
        Copy
      </button>
    </span>
  );
}

function inputRows({ inputs, origins }: PageStep): Row[] {
  return Object.entries(origins).flatMap(([name, refs]) =>
    refs.map((ref) => ({
      name,
      about: <Origin origin={ref} />,
      digest: digestOf(inputs[name], ref),
    }))
  );
}

/** A list's inputs are told apart by the steps that gave them. */
function digestOf(input: unknown, ref: FigureOrigin): string | null {
  if (typeof input === "string") return input;
  if (!Array.isArray(input) || ref.from !== "step") return null;
  return input.find(({ step }) => step === ref.step)?.digest ?? null;
}

function Origin({ origin }: { origin: FigureOrigin }): JSX.Element {
  if (origin.from === "path") return <code>{origin.path}</code>;
  const { step, output, part } = origin;
  const name = step.replace(/\[.*$/, "");
  return (
    <a href={`#step-${name}`}>
      {`${step}.${output}${part === null ? "" : `/${part}`}`}
    </a>
  );
}

function outputRows({ outputs }: PageStep): Row[] {
  return Object.entries(outputs).map(([name, output]) => ({
    name,
    about: sizeOf(output),
    digest: output.digest,
  }));
}

function sizeOf({ form, sizeBytes, count }: PageOutput): string {
  const size = formatSize(sizeBytes);
  return form === "tree" ? `${count ?? 0} items, ${size}` : size;
}
