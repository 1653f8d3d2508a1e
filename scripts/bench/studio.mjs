import { execFileSync } from "node:child_process";
import path from "node:path";
import { ROOT } from "../prepare.mjs";
import { startParley } from "./children.mjs";

/**
 * Starts a server and signs a browser in at it, as the person of this machine.
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} folder where its data goes
 * @returns {Promise<string>} its origin
 */
export async function startStudio(context, folder) {
  const dataDir = path.join(folder, "data");
  await startParley(dataDir);
  const login = [path.join(ROOT, "runtime/bin/parley.js"), "login", "--data-dir", dataDir];
  const link = execFileSync(process.execPath, login, { encoding: "utf8" }).trim();
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(/\/studio\/?$/);
  await page.close();
  return new URL(link).origin;
}

/**
 * @param {import("@playwright/test").BrowserContext} context
 * @param {string} origin
 * @param {{ id: string, flow: object, layout?: object }} made
 * @returns {Promise<string>} the address of the flow in the studio
 */
export async function makeFlow(context, origin, { id, flow, layout }) {
  const answer = await context.request.post(`${origin}/api/flows`, {
    headers: { Origin: origin },
    data: { id, from: { kind: "file", text: JSON.stringify(flow), ...(layout && { layout }) } },
  });
  if (answer.status() !== 201) throw new Error(`the flow was not made: ${answer.status()} ${await answer.text()}`);
  return `${origin}/studio/f/${id}`;
}
