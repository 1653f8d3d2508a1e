import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog, createMemoryStore } from "../log/memory.js";
import { choose } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { FLOWS, serve } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";
import { enter, SURVEY, say } from "../testing/survey.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const argv = [join(FLOWS, `${SURVEY}.json`)];
/** What is not whole while the lists are made. */
const LISTS = ["/conversations", `/flows/${SURVEY}/answers`, `/flows/${SURVEY}/counts`, `/flows/${SURVEY}/running`];
const FILES = [`/flows/${SURVEY}/export/answers`, `/flows/${SURVEY}/export/conversations`];

it("while the lists catch up with the log visitors are served, lists say so, and no half file is given", async () => {
  const store = createMemoryStore(2);
  const before = await serve(createMemoryLog({ partitions: 2, store }), { argv });
  const ada = await enter(before, SURVEY);
  await say(ada, choose("visit", "great"));
  await before.drain();

  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const log = createMemoryLog({ partitions: 2, store });
  const read = new Set<number>();
  /** Who reads a partition from its start is the workflow, before anybody is served, and then the projections: they wait. */
  const slow: EventLog = {
    ...log,
    async *subscribe(partition, after, options) {
      if (after === log.start && read.size === read.add(partition).size) await held;
      yield* log.subscribe(partition, after, options);
    },
  };
  const runtime = await serve(slow, { argv });
  cleanup.push(() => runtime.drain(), release);
  const owner = await signIn(runtime);
  const get = (path: string) => send(runtime.url, "GET", `/api${path}`, { headers: owner });
  const whatIf = () => send(runtime.url, "POST", `/api/flows/${SURVEY}/what-if`, { headers: owner, body: { days: 7 } });

  expect((await send(runtime.url, "GET", "/readyz")).status).toBe(200);
  const bob = await enter(runtime, SURVEY);
  await say(bob, choose("visit", "fine"));
  for (const path of LISTS) expect((await get(path)).json, path).toMatchObject({ catchingUp: 0 });
  for (const path of FILES) {
    expect(await get(path), path).toMatchObject({ status: 503, json: { code: "catching-up" } });
  }
  expect(await whatIf()).toMatchObject({ status: 503, headers: { "retry-after": "5" } });

  release();
  await eventually(async () => expect((await get("/conversations")).json).toMatchObject({ total: 2 }));
  for (const path of LISTS) expect((await get(path)).json, path).not.toHaveProperty("catchingUp");
  for (const path of FILES) expect((await get(path)).status, path).toBe(200);
  expect((await whatIf()).status).toBe(200);
});
