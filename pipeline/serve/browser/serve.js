/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * Shows how far a run is, as the server tells it.
 *
 * @module
 */

/** @typedef {import("../run_progress.ts").RunProgress} RunProgress */
/** @typedef {import("../run_progress.ts").StepProgress} StepProgress */

/** States in which nothing more comes of a step. */
const SETTLED = ["done", "restored", "fresh", "failed", "skipped"];

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * A step that was under way when its run was killed.
 *
 * @param {StepProgress} step
 */
function brokenOff(step) {
  return { ...step, state: "broken off" };
}

/** @param {Omit<StepProgress, "state"> & { state: string }} step */
function rowOf({ step, state, share, text }) {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = step;
  const said = document.createElement("td");
  said.textContent = state;
  if (state === "failed") said.className = "bad";
  const far = document.createElement("td");
  if (state === "running") {
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", step);
    if (share !== null) bar.value = share;
    far.append(bar);
  }
  const told = document.createElement("td");
  told.textContent = text;
  row.append(name, said, far, told);
  return row;
}

/** @param {RunProgress & { isGoingOn: boolean }} progress */
function show({ steps, total, outcome, isGoingOn, toldAt }) {
  const settled = steps.filter(({ state }) => SETTLED.includes(state));
  const open = steps.filter(({ state }) => !SETTLED.includes(state));
  const failed = settled.filter(({ state }) => state === "failed");
  const bar = /** @type {HTMLProgressElement} */ (byId("whole"));
  bar.max = Math.max(1, total);
  bar.value = settled.length;
  const state = isGoingOn ? "running" : outcome ?? "not running";
  const said = toldAt === null
    ? "it has told nothing of its steps"
    : `${settled.length} of ${total} steps, last told ${timeOf(toldAt)}`;
  byId("state").textContent = `${state}: ${said}`;
  byId("told").hidden = toldAt === null;
  // What happened last is first.
  const left = isGoingOn ? open : open.map(brokenOff);
  byId("open").replaceChildren(...[...failed, ...left].map(rowOf));
  byId("settled").replaceChildren(...settled.toReversed().map(rowOf));
}

/** @param {string} iso */
function timeOf(iso) {
  return new Date(iso).toLocaleString();
}

const source = new EventSource("events");
source.addEventListener("progress", ({ data }) => show(JSON.parse(data)));
source.addEventListener("error", () => {
  byId("state").textContent = "The server does not answer; asking again…";
});
