/**
 * The controls around the pictures of a run; the page's script fills them.
 *
 * @module
 */
/** @jsxImportSource preact */
// deno-lint-ignore-file jsx-key -- rendered once, never updated
import type { JSX } from "preact";
import type { BrowserData } from "./browser_data.ts";

/** Toolbar, grid, and the dialog in which a picture is shown large. */
export function PictureBrowser({ data }: { data: BrowserData }): JSX.Element {
  const notes = data.sets.flatMap(({ title, notes }) =>
    notes.map((note) => `${title}: ${note}`)
  );
  return (
    <>
      <noscript>
        <p class="failure">Pictures are shown by a script, which is off.</p>
      </noscript>
      <Notes notes={notes} />
      <form id="tools" class="tools" aria-label="What to show">
        <label>
          Pictures
          <select name="set">
            {data.sets.map(({ title, pictures }, i) => (
              <option value={i}>{`${title} (${pictures.length})`}</option>
            ))}
          </select>
        </label>
        <label>
          Labels
          <select name="layer"></select>
        </label>
        <label>
          Class
          <select name="class"></select>
        </label>
        <label>
          Order
          <select name="order">
            <option value="worst">lowest IoU first</option>
            <option value="best">highest IoU first</option>
            <option value="name">by name</option>
          </select>
        </label>
        <label>
          Name holds
          <input name="text" type="search" size={10} spellcheck={false} />
        </label>
        <OverlayTools />
        <output id="count" class="quiet"></output>
      </form>
      <div id="grid" class="grid" role="list" aria-label="Pictures"></div>
      <p class="quiet">
        IoU is the mean over the classes in the one picture, or that of the
        class chosen; it finds pictures worth a look. Scores of methods, in the
        tables, add up all pictures. Arrow keys walk, Enter opens.
      </p>
      <Viewer />
    </>
  );
}

/** Notes that are told at once; others can be opened. */
const NOTES_TOLD = 3;

function Notes({ notes }: { notes: readonly string[] }): JSX.Element | null {
  if (notes.length === 0) return null;
  const list = (of: readonly string[]) => (
    <ul class="notes">{of.map((note) => <li>{note}</li>)}</ul>
  );
  const others = notes.slice(NOTES_TOLD);
  return (
    <>
      {list(notes.slice(0, NOTES_TOLD))}
      {others.length > 0 && (
        <details>
          <summary>{others.length} more notes</summary>
          {list(others)}
        </details>
      )}
    </>
  );
}

function Choice(
  { name, value, text, isChosen = false }: {
    name: string;
    value: string;
    text: string;
    isChosen?: boolean;
  },
): JSX.Element {
  return (
    <label>
      <input type="radio" name={name} value={value} checked={isChosen} />
      {text}
    </label>
  );
}

/** What lies over pictures; in the viewer names have a prefix. */
function OverlayTools({ prefix = "" }: { prefix?: string }): JSX.Element {
  return (
    <>
      <fieldset class="switch">
        <legend>Over the picture</legend>
        <Choice name={`${prefix}shown`} value="labels" text="labels" isChosen />
        <Choice name={`${prefix}shown`} value="truth" text="truth" />
        <Choice name={`${prefix}shown`} value="none" text="nothing" />
      </fieldset>
      <label>
        Opacity
        <input
          name={`${prefix}opacity`}
          type="range"
          min="0"
          max="100"
          step="5"
          value="60"
        />
      </label>
      <label class="check">
        <input name={`${prefix}boxes`} type="checkbox" checked /> Boxes
      </label>
    </>
  );
}

function Viewer(): JSX.Element {
  return (
    <dialog id="viewer" aria-labelledby="viewer-title">
      <div class="viewer-head">
        <h3 id="viewer-title"></h3>
        <div>
          <button type="button" id="before" aria-keyshortcuts="ArrowLeft">
            ← Before
          </button>
          <button type="button" id="after" aria-keyshortcuts="ArrowRight">
            After →
          </button>
          <button type="button" id="close" aria-keyshortcuts="Escape">
            Close
          </button>
        </div>
      </div>
      <div class="viewer-body">
        <div id="stage" class="stage"></div>
        <form id="viewer-tools" class="tools" aria-label="What to show here">
          <OverlayTools prefix="viewer-" />
          <a id="file" target="_blank" rel="noreferrer">Picture as it is</a>
          <div id="legend" class="legend"></div>
          <table class="scores">
            <caption>Labels of this picture</caption>
            <thead>
              <tr>
                <th scope="col">Labels</th>
                <th scope="col" class="number">IoU, %</th>
              </tr>
            </thead>
            <tbody id="scores"></tbody>
          </table>
        </form>
      </div>
    </dialog>
  );
}
