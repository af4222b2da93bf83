/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// @ts-check

/**
 * Label maps: they come in scripts that hold those of many pictures each.
 *
 * @module
 */
import { addressOf, say } from "./dom.js";
import { data, state } from "./page_state.js";

/** @type {Map<string, (string | null)[] | "awaited" | "missing">} */
const shards = new Map();

/**
 * Calls back whenever label maps have come.
 *
 * @param {() => void} onCome
 */
export function listenForLabels(onCome) {
  Object.assign(globalThis, {
    boxfillLabels(
      /** @type {string} */ name,
      /** @type {(string | null)[]} */ overlays,
    ) {
      shards.set(name, overlays);
      onCome();
    },
  });
}

/**
 * What is seen over a picture, as an address.
 *
 * @param {number} index Of the picture.
 * @returns {string | null} Null when there is nothing, or nothing yet.
 */
export function overlayOf(index) {
  const layer = seenLayer();
  if (layer === null) return null;
  const shard = Math.floor(index / data.shardSize);
  const name = `labels/${state.set.key}/${layer}/${shard}.js`;
  const known = shards.get(name);
  if (known === undefined) load(name);
  if (!Array.isArray(known)) return null;
  const text = known[index % data.shardSize];
  if (!text) return null;
  const head = text.slice(0, data.headLength);
  const body = text.slice(data.headLength);
  return `data:image/png;base64,${head}${data.palette}${body}`;
}

function seenLayer() {
  if (state.shown === "none") return null;
  if (state.shown === "truth") return state.set.truth;
  return state.set.layers[state.layer]?.key ?? null;
}

/** @param {string} name */
function load(name) {
  shards.set(name, "awaited");
  const script = document.createElement("script");
  script.src = addressOf(name);
  script.onerror = () => {
    shards.set(name, "missing");
    say(`Label maps are missing: ${name}`);
  };
  document.head.append(script);
}
