import type { PreviewTrace } from "@parley/shared/api/preview";
import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { serve } from "../testing/server.js";
import { StudioTab, send, signIn } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const says = (content: string) => ({ sendRequest: { kind: "BotText", content } });
const ends = (outcome: string, next: string) => ({
  matchResponse: { kind: "HandOffResult", handOffId: "help", outcome },
  next,
});
const DRAFT = {
  hi: { ...says("Hi"), next: "wait" },
  wait: { sendRequest: { kind: "HandOff", handOffId: "help", content: "One moment", timeout: 60 } },
  done: ends("closed", "thanks"),
  away: ends("unavailable", "sorry"),
  late: ends("timeout", "sorry"),
  thanks: says("Thanks"),
  sorry: says("Sorry"),
};

it("a preview waits at a hand-off until it is said how it ends, goes on there, and waits no more", async () => {
  const runtime = await serve(createMemoryLog({ partitions: 1 }));
  cleanup.push(() => runtime.drain());
  const headers = await signIn(runtime);
  const tab = await StudioTab.connect(runtime, headers);
  const ask = async (method: string, path: string, body: unknown) =>
    (await send(runtime.url, method, path, { headers: { ...headers, "parley-tab": tab.id! }, body })).json;
  const made = (await ask("POST", "/api/flows/bot-assistant/previews", { draft: { flow: DRAFT, settings: {} } })) as {
    trace: PreviewTrace;
  };
  expect(made.trace).toMatchObject({ path: ["hi", "wait"], waiting: ["wait"], ended: false });
  const path = `/api/flows/bot-assistant/previews/${made.trace.preview}`;
  for (const [outcome, way] of [
    ["closed", ["done", "thanks"]],
    ["unavailable", ["away", "sorry"]],
    ["timeout", ["late", "sorry"]],
  ] as const) {
    const input = { kind: "outcome", handOffId: "help", outcome, asked: "wait" };
    const trace = await ask("PUT", path, { inputs: [input] });
    expect(trace, outcome).toMatchObject({ path: ["hi", "wait", ...way], waiting: [], ended: true, inputs: [input] });
  }
});
