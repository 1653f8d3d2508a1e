import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Draft, FlowSummary } from "@parley/shared/api/flows";
import type { WhatIfLine, WhatIfReport, WhatIfTranscript } from "@parley/shared/api/what-if";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { choose, V1Client } from "../testing/clients.js";
import { FLOWS, scratch, serve } from "../testing/server.js";
import { type Identity, send, signIn } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const FLOW = {
  hello: { sendRequest: { kind: "BotText", content: "Hello" }, next: "ask" },
  ask: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: "g",
      question: "More?",
      choices: ["yes", "no", "maybe"].map((itemId) => ({ itemId, content: itemId })),
    },
  },
  yes: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "yes" }, next: "ask" },
  no: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "no" }, next: "bye" },
  maybe: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "maybe" }, next: "bye" },
  bye: { sendRequest: { kind: "BotText", content: "Bye" } },
};
type Studio = Runtime & { owner: Identity };
async function start(dataDir?: string, log = createMemoryLog({ partitions: 1 })): Promise<Studio> {
  const argv = [join(FLOWS, "faq.json")];
  const runtime = await (dataDir === undefined
    ? serve(log, { argv, env: { LIMITS: "off" } })
    : serve(undefined, { argv, env: { DATA_DIR: dataDir, LIMITS: "off" } }));
  cleanup.push(() => runtime.drain());
  return Object.assign(runtime, { owner: await signIn(runtime) });
}
const call = async <T>(studio: Studio, method: string, path: string, more: object = {}, headers = {}): Promise<T> => {
  const all = { ...studio.owner, ...headers };
  const answer = await send(studio.url, method, `/api${path}`, { ...more, headers: all });
  expect(answer.status, answer.text.slice(0, 500)).toBeLessThan(300);
  return (answer.json ?? answer.text) as T;
};
async function publishFlow(studio: Studio, flow: object = FLOW): Promise<string> {
  const from = { kind: "file", text: JSON.stringify(flow) };
  const { id } = await call<FlowSummary>(studio, "POST", "/flows", { body: { from } });
  const body = { from, over: 0, note: "" };
  await call(studio, "POST", `/flows/${id}/versions`, { body });
  return id;
}
async function edit(studio: Studio, id: string, flow: object): Promise<void> {
  const { json, headers } = await send(studio.url, "GET", `/api/flows/${id}/draft`, { headers: studio.owner });
  const body = { ...(json as Draft), flow };
  await call(studio, "PUT", `/flows/${id}/draft`, { body }, { "if-match": String(headers.etag) });
}
/** A visitor who gives these answers. @returns the conversation's id */
async function talk(studio: Studio, id: string, answers: readonly string[]): Promise<string> {
  const guest = await V1Client.connect(`${studio.wsUrl}chat/${id}`);
  await guest.seq(2);
  for (const answer of answers) {
    const before = guest.messages.length;
    await guest.send(choose("g", answer));
    await guest.until(() => guest.messages.length >= before + 2, "what follows");
  }
  await guest.close();
  return guest.welcome.sid;
}
const counted = (studio: Studio, id: string, count: number) =>
  expect
    .poll(async () => (await call<{ total: number }>(studio, "GET", `/conversations?flow=${id}`)).total, {
      timeout: 20_000,
    })
    .toBe(count);
const lines = async (studio: Studio, id: string): Promise<WhatIfLine[]> => {
  const text = await call<string>(studio, "POST", `/flows/${id}/what-if`, { body: { days: 7 } });
  return String(typeof text === "string" ? text : JSON.stringify(text))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as WhatIfLine);
};
const report = async (studio: Studio, id: string): Promise<WhatIfReport> => {
  const last = (await lines(studio, id)).at(-1)!;
  if (last.kind !== "report") throw new Error(JSON.stringify(last));
  return last.report;
};

describe.each(["memory", "sqlite"])("what would have happened, over the %s log", (kind) => {
  const fresh = async () => {
    if (kind === "memory") return start();
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    return start(join(folder.path, "data"));
  };

  it("says of conversations made to differ which do, where, and shows both beside each other", async () => {
    const studio = await fresh();
    const id = await publishFlow(studio);
    const straight = await talk(studio, id, ["no"]);
    const twice = await talk(studio, id, ["yes", "no"]);
    const unsure = await talk(studio, id, ["maybe"]);
    const waiting = await talk(studio, id, ["yes"]);
    await counted(studio, id, 4);
    expect(await report(studio, id)).toEqual({
      conversations: 4,
      same: 4,
      differs: 0,
      deadEnds: 0,
      unread: 0,
      places: [],
    });
    // "Maybe" is not offered any more, and "yes" ends.
    const choices = FLOW.ask.sendRequest.choices.filter(({ itemId }) => itemId !== "maybe");
    const { next: _, ...yes } = FLOW.yes;
    const { maybe: _maybe, ...rest } = FLOW;
    await edit(studio, id, { ...rest, yes, ask: { sendRequest: { ...FLOW.ask.sendRequest, choices } } });
    const found = await report(studio, id);
    expect(found).toMatchObject({ conversations: 4, same: 0, differs: 2, deadEnds: 2, unread: 0 });
    expect(found.places.map(({ outcome, state, count }) => `${outcome} ${state} ${count}`).sort()).toEqual([
      "dead-end yes 2",
      "differs ask 2",
    ]);
    const dead = found.places.find(({ outcome }) => outcome === "dead-end")!;
    expect([...dead.examples].sort()).toEqual([twice, waiting].sort());
    const shown = (conversation: string) =>
      call<WhatIfTranscript>(studio, "GET", `/flows/${id}/what-if/${conversation}`);
    const { outcome, state, rows } = await shown(twice);
    expect([outcome, state]).toEqual(["dead-end", "yes"]);
    expect(rows.map(({ before, after, differs }) => [before?.text, after?.text, differs])).toEqual([
      ["Hello", "Hello", false],
      ["More?", "More?", true],
      ["yes", "yes", false],
      ["More?", undefined, true],
      ["no", undefined, true],
      ["Bye", undefined, true],
    ]);
    expect(await shown(unsure)).toMatchObject({ outcome: "differs", why: "answer-gone" });
    expect(await shown(straight)).toMatchObject({ outcome: "differs" });
    const missing = await send(studio.url, "GET", `/api/flows/${id}/what-if/${"0".repeat(40)}`, {
      headers: studio.owner,
    });
    expect(missing.status).toBe(404);
  });

  it("an erased conversation is not played, a renamed step is the same", async () => {
    const studio = await fresh();
    const id = await publishFlow(studio);
    const gone = await talk(studio, id, ["no"]);
    await talk(studio, id, ["maybe"]);
    await counted(studio, id, 2);
    await call(studio, "DELETE", `/flows/${id}/conversations/${gone}`);
    await counted(studio, id, 1);
    const { bye, ...rest } = FLOW;
    await edit(studio, id, {
      ...rest,
      no: { ...FLOW.no, next: "farewell" },
      maybe: { ...FLOW.maybe, next: "farewell" },
      farewell: bye,
    });
    expect(await report(studio, id)).toMatchObject({ conversations: 1, same: 1, places: [] });
  });
});

describe("a run", () => {
  it("tells how far it is, and one of the same person ends the one before", async () => {
    const studio = await start();
    const id = await publishFlow(studio);
    await talk(studio, id, ["no"]);
    await counted(studio, id, 1);
    const [first, second] = await Promise.all([lines(studio, id), lines(studio, id)]);
    const kinds = [first, second].map((told) => told.at(-1)!.kind).sort();
    expect(kinds).toContain("report");
    expect(first[0]).toEqual({ kind: "progress", done: 0, total: 1 });
  });

  it("stops when nobody takes it any more", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const studio = await start(undefined, log);
    const id = await publishFlow(studio);
    await talk(studio, id, ["no"]);
    await counted(studio, id, 1);
    // The worker waits for ever for what it plays.
    log.read = () => new Promise(() => undefined);
    const abort = new AbortController();
    const { body } = await fetch(`${studio.url}api/flows/${id}/what-if`, {
      method: "POST",
      headers: { ...studio.owner, "content-type": "application/json" },
      body: JSON.stringify({ days: 7 }),
      signal: abort.signal,
    });
    await body!.getReader().read();
    expect(studio.whatIfs.count).toBe(1);
    abort.abort();
    await expect.poll(() => studio.whatIfs.count, { timeout: 20_000 }).toBe(0);
  });
});

describe("conversations that were generated, over a socket", () => {
  type Case = {
    readonly flow: object;
    readonly draft: object;
    readonly inputs: readonly { readonly message: object }[];
    readonly expected: { readonly outcome: "same" | "differs" | "dead-end"; readonly state?: string };
  };
  const { cases } = JSON.parse(readFileSync(join(FLOWS, "what-if/cases.json"), "utf8")) as { cases: Case[] };

  it("are what the rules say", async () => {
    const studio = await start();
    const made = await Promise.all(
      cases.map(async ({ flow, inputs }) => {
        const id = await publishFlow(studio, flow);
        const guest = await V1Client.connect(`${studio.wsUrl}chat/${id}`);
        const turns = () => guest.all.filter(({ kind }) => kind === "Turn").length;
        await guest.until(() => turns() > 0, "the beginning");
        for (const { message } of inputs) {
          const before = turns();
          expect(await guest.send(message)).toMatchObject({ kind: "Ack" });
          await guest.until(() => turns() > before, "the end of the run");
        }
        await guest.close();
        return { id, sid: guest.welcome.sid };
      }),
    );
    const found: object[] = [];
    const told = ({ outcome, state }: { outcome: string; state?: string | undefined }) =>
      outcome === "same" ? { outcome } : { outcome, ...(state !== undefined && { state }) };
    for (const [i, { id, sid }] of made.entries()) {
      await edit(studio, id, cases[i]!.draft);
      found.push(told(await call<WhatIfTranscript>(studio, "GET", `/flows/${id}/what-if/${sid}`)));
      // The report of all conversations is made by the same; a thread for each would take its time.
      if (i > 3) continue;
      await counted(studio, id, 1);
      const { places, same } = await report(studio, id);
      expect(same === 1 ? { outcome: "same" } : told(places[0]!)).toEqual(found.at(-1));
    }
    expect(found).toEqual(cases.map(({ expected }) => expected));
  });
});
