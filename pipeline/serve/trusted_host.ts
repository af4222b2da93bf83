/**
 * Whether a request was meant for this server.
 *
 * @module
 */

/**
 * Whether the `Host` of a request is one that this server has: a page
 * elsewhere can let its name stand for our address (DNS rebinding), but not
 * change what the browser says it asked.
 *
 * @param header As it was sent; null when it was not.
 * @param hostname That the server was told to listen on.
 *
 * @example
 * ```ts
 * import { isTrustedHost } from "./trusted_host.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const headers = ["localhost:8787", "127.0.0.1:8787", "evil.example"];
 * const trusted = headers.map((it) => isTrustedHost(it, "127.0.0.1"));
 * deepStrictEqual(trusted, [true, true, false]);
 * ```
 */
export function isTrustedHost(
  header: string | null,
  hostname: string,
): boolean {
  if (header === null) return false;
  const name = header.replace(/:\d{1,5}$/, "").toLowerCase();
  // A number cannot be made to stand for another one.
  return name === "localhost" || name === hostname.toLowerCase() ||
    isAddress(name);
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}
