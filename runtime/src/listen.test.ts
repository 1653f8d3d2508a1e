import { Server } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { createMemoryLog } from "./log/memory.js";
import { V1Client } from "./testing/clients.js";
import { serve } from "./testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const step of cleanup.splice(0).reverse()) await step();
});

it("[P13] every listener lets 4,096 connections wait", async () => {
  const listens = vi.spyOn(Server.prototype, "listen");
  const runtime = await serve(createMemoryLog(), { env: { ADMIN_PORT: "0" } });
  cleanup.push(() => runtime.drain());
  expect(listens.mock.calls.map(([options]) => (options as { backlog?: number }).backlog)).toEqual([4096, 4096]);
});

it("[P13] a socket has no timer of its own, nor has what it came by", async () => {
  const runtime = await serve(createMemoryLog(), { env: { LIMITS: "off" } });
  cleanup.push(() => runtime.drain());
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const chat = `${runtime.wsUrl}chat/bot-assistant`;
  const first = await V1Client.connect(chat);
  await first.seq(2);
  const before = timers();
  const clients = await Promise.all(Array.from({ length: 50 }, () => V1Client.connect(chat)));
  await Promise.all(clients.map((client) => client.seq(2)));
  expect(timers() - before).toBeLessThan(10);
  await Promise.all([first, ...clients].map((client) => client.close()));
});
