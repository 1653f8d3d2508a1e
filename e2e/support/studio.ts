import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { watchPolicy } from "./policy.js";
import { type Server, startServer } from "./server.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Everything that went wrong on the pages of a context, as the browser said it; violations of a policy included. */
export type Complaints = string[];

/** What a test of the studio is given: one server a worker, and a page that is signed in at the list of flows. */
type Given = {
  /** A context like `page`'s own, signed in as the owner; its complaints fail the test too. */
  readonly another: () => Promise<BrowserContext>;
  readonly complaints: Complaints;
  /** Patterns of complaints that a test brings about on purpose, such as a failed request while the server is away. */
  readonly expected: RegExp[];
};

/** Cookies of a session made once a worker: a sign-in each test would cost as much as many a test. */
type Session = { readonly cookies: Parameters<BrowserContext["addCookies"]>[0] };

/** `only`: a spec that looks at the list of flows names itself, and gets a server that no other spec has filled. */
type Shared = { readonly only: string; readonly server: Server; readonly session: Session };

export const test = base.extend<Given, Shared>({
  only: ["", { option: true, scope: "worker" }],
  server: [
    async ({ only: _ }, use) => {
      const server = await startServer();
      await use(server);
      await server.stop("SIGKILL");
    },
    { scope: "worker" },
  ],
  session: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext();
      await signIn(await context.newPage(), server);
      await use({ cookies: await context.cookies() });
      await context.close();
    },
    { scope: "worker" },
  ],
  // Wide enough for the panels on both sides of the canvas, and the preview.
  viewport: { width: 1800, height: 900 },
  baseURL: async ({ server }, use) => use(server.url),
  // biome-ignore lint/correctness/noEmptyPattern: the shape that Playwright asks for
  expected: async ({}, use) => use([]),
  complaints: async ({ expected }, use) => {
    const complaints: Complaints = [];
    await use(complaints);
    expect(complaints.filter((line) => !expected.some((pattern) => pattern.test(line)))).toEqual([]);
  },
  page: async ({ page, complaints, server, session }, use) => {
    listen(page, complaints);
    await watchPolicy(page);
    await enter(page, server, session);
    await use(page);
  },
  another: async ({ browser, complaints, server, session, viewport }, use) => {
    const made: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
      made.push(context);
      context.on("page", (page) => listen(page, complaints));
      await watchPolicy(context);
      await enter(await context.newPage(), server, session);
      return context;
    });
    for (const context of made) await context.close();
  },
});
export { expect };

/** Gathers a page's console errors, uncaught errors and violations of its policy. */
export function listen(page: Page, into: Complaints): void {
  page.on("console", (message) => message.type() === "error" && into.push(message.text()));
  page.on("pageerror", (error) => into.push(String(error)));
}

/** Comes in with the worker's session; with a fresh link where a test has ended it. */
async function enter(page: Page, server: Server, { cookies }: Session): Promise<void> {
  await page.context().addCookies(cookies);
  if (!(await page.request.get(`${server.url}api/flows`)).ok()) return signIn(page, server);
  await page.goto(`${server.url}studio/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** A fresh login link of a server, as `parley login` prints it: good once. */
const loginLink = (server: Server, name?: string): string =>
  execFileSync(
    process.execPath,
    [join(ROOT, "runtime/bin/parley.js"), "login", ...(name === undefined ? [] : [name]), "--data-dir", server.dataDir],
    { encoding: "utf8" },
  ).trim();

/** Signs a page in with a fresh link and waits for the list of flows. */
export async function signIn(page: Page, server: Server): Promise<void> {
  await page.goto(loginLink(server));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForURL(/\/studio\/?$/);
}

/** A flow of the repository's examples, as text. */
export const exampleText = (name: string): string => readFileSync(join(ROOT, "flows", `${name}.json`), "utf8");

let made = 0;

/**
 * Makes a flow over the API, for tests that do not test how one is made.
 * @param text the flow as a file's text
 * @returns its id
 */
export async function makeFlow(page: Page, text: string): Promise<string> {
  const flow = `flow-${++made}`;
  const answer = await page.request.post("/api/flows", {
    headers: { Origin: new URL(page.url()).origin },
    data: { id: flow, title: flow, from: { kind: "file", text } },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return flow;
}

/** Opens a flow in the editor and waits for its canvas. */
export async function openFlow(page: Page, flow: string): Promise<void> {
  await page.goto(`/studio/f/${flow}`);
  await expect(page.getByRole("application", { name: /as a drawing/ })).toBeVisible();
}

/** The draft's file as the server exports it. */
export async function exportedFile(page: Page, flow: string): Promise<string> {
  const answer = await page.request.get(`/api/flows/${flow}/file`);
  expect(answer.status()).toBe(200);
  return answer.text();
}
