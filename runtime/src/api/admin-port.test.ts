import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { BareClient } from "../testing/clients.js";
import { routesOf } from "../testing/routes.js";
import { serve } from "../testing/server.js";
import { cookieOf, StudioTab, send } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

it("ADMIN_PORT moves studio, interface and metrics; the visitors' port answers 404 there", async () => {
  const env = { ADMIN_PORT: "0", PUBLIC_URL: "https://bots.example" };
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { env });
  cleanup.push(() => runtime.drain());
  const { visitors, studio } = runtime.ports;
  expect(visitors).not.toBe(studio);
  const [address, secret] = runtime.studioUrl.split("#");
  expect(address).toBe(`http://localhost:${studio}/studio/login`);
  const [public_, admin] = [`http://localhost:${visitors}/`, `http://localhost:${studio}/`];
  const status = async (url: string, path: string, headers = {}) => (await send(url, "GET", path, { headers })).status;
  for (const path of ["/api/flows", "/api/session", "/api/openapi.json", "/studio", "/studio/login", "/metrics"]) {
    expect(await status(public_, path), path).toBe(404);
    expect(await status(admin, path), path).not.toBe(404);
  }
  for (const path of ["/", "/widget.js", "/schema/flow-1.json", "/c/bot-assistant"]) {
    expect(await status(admin, path), path).toBe(404);
  }
  expect(await status(public_, "/c/bot-assistant")).toBe(200);
  for (const url of [public_, admin]) expect(await status(url, "/readyz")).toBe(200);

  // Visitors see the pictures, and the studio shows them from where it is.
  for (const url of [public_, admin]) {
    const { json } = await send(url, "GET", `/assets/${"0".repeat(64)}.png`);
    expect(json).toMatchObject({ title: "There is no such picture here." });
  }

  // Its own origin is that of its port, not PUBLIC_URL.
  const origin = admin.slice(0, -1);
  const enter = (from: string) => send(admin, "POST", "/api/session", { headers: { origin: from }, body: { secret } });
  expect((await enter("https://bots.example")).status).toBe(403);
  const cookie = cookieOf(await enter(origin));
  expect(cookie).toMatch(new RegExp(`^parley-${studio}=`));
  expect(await status(admin, "/api/flows", { cookie })).toBe(200);
  const tab = await StudioTab.connect({ ...runtime, url: admin }, { cookie, origin });
  await tab.close();
  await expect(StudioTab.connect({ ...runtime, url: public_ }, { cookie, origin })).rejects.toThrow("404");
  const chat = (port: number) => BareClient.connect(`ws://localhost:${port}/chat/bot-assistant`);
  await (await chat(visitors)).words(2);
  await expect(chat(studio)).rejects.toThrow("404");
  const paths = runtime.apps.map((app) => routesOf(app).routes.some((route) => route.includes("/api/")));
  expect(paths).toEqual([false, true]);
});
