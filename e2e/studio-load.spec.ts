import { makeLargeFlow } from "./support/large-flow.js";
import { expect, openFlow, test } from "./support/studio.js";

/** What a first visit to a flow may take: bytes of content as they are sent, and files. */
const MOST = { bytes: 400_000, files: 45 };

test("the first load is small and compressed; the JSON view and the layout come when they are asked for", async ({
  page,
}) => {
  const flow = await makeLargeFlow(page, 40);
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.setCacheDisabled", { cacheDisabled: true });
  const files = new Map<string, { bytes: number; encoding: string | undefined }>();
  network.on("Network.responseReceived", ({ response: { url, headers } }) => {
    const { pathname } = new URL(url);
    if (!/^\/studio\/(assets|f)\//.test(pathname)) return;
    const header = (wanted: string) => Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
    const name = pathname.replace(/^\/studio\/assets\//, "");
    files.set(name, { bytes: Number(header("content-length")), encoding: header("content-encoding") });
  });
  const isLoaded = (name: string) => [...files.keys()].some((file) => file.startsWith(name));

  await openFlow(page, flow);
  await expect(page.locator('.react-flow__node[data-id="n-say0"]')).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Title", exact: true })).toBeVisible();
  // The preview is open from the beginning, so its script counts.
  await expect(page.getByTitle("The conversation as a visitor has it")).toBeVisible();
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  expect(isLoaded("EditorScreen")).toBe(true);
  expect(bytes, [...files].map(([name, file]) => `${name} ${file.bytes}`).join("\n")).toBeLessThanOrEqual(MOST.bytes);
  expect(files.size).toBeLessThanOrEqual(MOST.files);
  for (const [name, { encoding }] of files) if (/\.(js|css)$/.test(name)) expect(encoding, name).toBe("br");
  expect([isLoaded("JsonEditor"), isLoaded("lay-out"), isLoaded("elk-worker")]).toEqual([false, false, false]);

  const worker = page.waitForEvent("worker");
  await page.getByRole("application").press("Shift+Alt+T");
  expect((await worker).url()).toMatch(/\/studio\/assets\/elk-worker[^/]*\.js$/);
  expect([isLoaded("lay-out"), isLoaded("JsonEditor")]).toEqual([true, false]);

  await page.getByRole("tab", { name: "JSON" }).click();
  await expect(page.locator(".cm-content")).toBeVisible();
  expect(isLoaded("JsonEditor")).toBe(true);
});
