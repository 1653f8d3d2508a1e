import { execFileSync } from "node:child_process";
import path from "node:path";
import { ROOT } from "../prepare.mjs";

const PARLEY = path.join(ROOT, "runtime/bin/parley.js");

/**
 * Signs in to a server that runs on a data folder, by a link as `parley login` prints it.
 * @param {{ port: number }} server
 * @param {string} dataDir
 * @returns sends one request to the HTTP interface; throws for an answer that is no success
 */
export async function signIn({ port }, dataDir) {
  const link = execFileSync(process.execPath, [PARLEY, "login", "--data-dir", dataDir], { encoding: "utf8" }).trim();
  const origin = `http://localhost:${port}`;
  const entered = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ secret: new URL(link).hash.slice(1) }),
  });
  const cookie = entered.headers.get("set-cookie")?.split(";")[0];
  if (!entered.ok || !cookie) throw new Error(`sign in: ${entered.status} ${await entered.text()}`);
  return async (/** @type {string} */ method, /** @type {string} */ address, { body, headers = {} } = {}) => {
    const answer = await fetch(`${origin}/api${address}`, {
      method,
      headers: { cookie, origin, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`);
    return { text, etag: answer.headers.get("etag") ?? "" };
  };
}
