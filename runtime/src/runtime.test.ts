import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog, createMemoryStore } from "./log/memory.js";
import type { Runtime } from "./runtime.js";
import { BareClient, choose, type, V1Client } from "./testing/clients.js";
import { scratch, serve, writeFlows } from "./testing/server.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(...args: Parameters<typeof serve> | []): Promise<Runtime & { chat: string }> {
  const [log = createMemoryLog({ partitions: 2 }), options] = args;
  const runtime = await serve(log, options);
  cleanup.push(() => runtime.drain());
  return Object.assign(runtime, { chat: `${runtime.wsUrl}chat/bot-assistant` });
}

const GREETING = ["BotText Hi, I'm Bot! Nice to meet you.", "ChoiceRequest lang"];

describe("the bare protocol", () => {
  it("[W1] plays the reference conversation with the cookie, and replays it whole", async () => {
    const { wsUrl } = await start();
    const client = await BareClient.connect(wsUrl);
    expect(client.cookie).toMatch(/^[0-9a-f]{40}$/);
    expect(await client.words(2)).toEqual(GREETING);
    client.send({ ...choose("lang", "other"), content: "Other" });
    await client.words(3);
    client.send(type("langPreference", "Zig"));
    await client.words(5);
    client.send(choose("others", "no"));
    expect(await client.words(6)).toEqual([
      ...GREETING,
      "StartChatSession langPreference",
      "EndChatSession langPreference",
      "ChoiceRequest others",
      "BotText Great, thanks!",
    ]);
    const again = await BareClient.connect(wsUrl, { cookie: client.cookie! });
    expect(again.cookie).toBeUndefined();
    expect(await again.words(9)).toEqual([
      ...GREETING,
      "ChoiceResponse lang other",
      "StartChatSession langPreference",
      "UserText langPreference Zig",
      "EndChatSession langPreference",
      "ChoiceRequest others",
      "ChoiceResponse others no",
      "BotText Great, thanks!",
    ]);
    expect(again.all[2]).toMatchObject({ content: "Other" });
  });

  it("[P5] shows an answer to the other sockets of the session, and does not echo it", async () => {
    const { wsUrl } = await start();
    const one = await BareClient.connect(wsUrl);
    await one.words(2);
    const two = await BareClient.connect(wsUrl, { cookie: one.cookie! });
    await two.words(2);
    one.send(choose("lang", "go"));
    expect(await one.words(3)).toEqual([...GREETING, "ChoiceRequest others"]);
    expect(await two.words(4)).toEqual([...GREETING, "ChoiceResponse lang go", "ChoiceRequest others"]);
  });

  it("[P14] an unknown, malformed or foreign cookie begins a fresh session under a fresh value", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const paths = writeFlows(folder.path, {
      one: {
        a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
        t: { matchResponse: { kind: "UserText", sessionId: "s" } },
      },
      two: { a: { sendRequest: { kind: "BotText", content: "two" } } },
    });
    const { wsUrl, log } = await start(undefined, { argv: paths });
    const victim = await BareClient.connect(`${wsUrl}chat/one`);
    await victim.words(1);
    victim.send(type("s", "my secret"));
    const sid = (await sids(log))[0]!;
    for (const cookie of [sid, "0".repeat(40), victim.cookie!]) {
      const client = await BareClient.connect(`${wsUrl}chat/two`, { cookie });
      expect(client.cookie).toMatch(/^[0-9a-f]{40}$/);
      expect(await client.words(1)).toEqual(["BotText two"]);
    }
    const thief = await BareClient.connect(`${wsUrl}chat/one`, { cookie: sid });
    expect(await thief.words(1)).toEqual(["StartChatSession s"]);
    expect(thief.raw.join()).not.toContain("secret");
  });

  it("[W1] ignores frames of another shape, and answers the next good one", async () => {
    const { wsUrl } = await start();
    const client = await BareClient.connect(wsUrl);
    await client.words(2);
    for (const junk of [
      "",
      "{",
      "[]",
      "null",
      '{"kind":"BotText","content":"x"}',
      '{"kind":"ChoiceResponse","groupId":{}}',
    ])
      client.ws.send(junk);
    client.ws.send(Buffer.from([0, 1, 2]));
    client.send(choose("lang", "nothing"));
    client.send(choose("lang", "rust"));
    expect(await client.words(3)).toEqual([...GREETING, "ChoiceRequest others"]);
  });

  it("[F7] asks again on the socket whose answer no state matches", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const [path] = writeFlows(folder.path, {
      strict: {
        a: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatText: "yes?" } },
        t: { matchResponse: { kind: "UserText", sessionId: "s", content: "yes" } },
      },
    });
    const { wsUrl } = await start(undefined, { argv: [path!] });
    const one = await BareClient.connect(wsUrl);
    await one.words(1);
    const two = await BareClient.connect(wsUrl, { cookie: one.cookie! });
    await two.words(1);
    one.send(type("s", "no"));
    expect(await one.words(2)).toEqual(["StartChatSession s", "StartChatSession s"]);
    one.send(type("s", "yes"));
    expect(await two.words(2)).toEqual(["StartChatSession s", "UserText s yes"]);
  });

  it("[W3] starts over: later sockets get only what follows", async () => {
    const { wsUrl } = await start();
    const one = await BareClient.connect(wsUrl);
    await one.words(2);
    one.send(choose("lang", "go"));
    await one.words(3);
    one.send({ kind: "ResetSession" });
    expect((await one.words(5)).slice(3)).toEqual(GREETING);
    const two = await BareClient.connect(wsUrl, { cookie: one.cookie! });
    expect(await two.words(2)).toEqual(GREETING);
    two.send(choose("lang", "rust"));
    expect(await two.words(3)).toEqual([...GREETING, "ChoiceRequest others"]);
  });
});

describe("parley.v1", () => {
  it("[W2] plays the reference conversation with sequence numbers, acknowledgements and turns", async () => {
    const { chat } = await start();
    const client = await V1Client.connect(chat);
    const question = await client.seq(2);
    expect(await client.send(choose("lang", "other"), { id: "a", re: question.seq })).toEqual({ kind: "Ack", id: "a" });
    await client.seq(4);
    await client.send(type("langPreference", "Zig"), { id: "b" });
    await client.seq(7);
    await client.send(choose("others", "no"), { id: "c" });
    await client.until(() => client.all.find((f) => f.kind === "Turn" && f.ended), "the end");
    expect(client.words).toEqual([
      "1 BotText Hi, I'm Bot! Nice to meet you.",
      "2 ChoiceRequest lang",
      "3 ChoiceResponse lang other",
      "4 StartChatSession langPreference",
      "5 UserText langPreference Zig",
      "6 EndChatSession langPreference",
      "7 ChoiceRequest others",
      "8 ChoiceResponse others no",
      "9 BotText Great, thanks!",
    ]);
    expect(client.messages[2]).toMatchObject({ id: "a", message: { content: "Other" } });
    expect(client.all.filter((f) => f.kind === "Turn").map((f) => f.of)).toEqual(["s.1", "a", "b", "c"]);
  });

  it("[P3] a repeat has no effect and gets the same Ack: same socket, new socket, two at once, after a restart", async () => {
    const store = createMemoryStore(2);
    const first = await start(createMemoryLog({ partitions: 2, store }));
    const one = await V1Client.connect(first.chat);
    await one.seq(2);
    const answer = choose("lang", "go");
    const acks = await Promise.all([one.send(answer, { id: "x" }), one.send(answer, { id: "x" })]);
    const token = one.welcome.token;
    const two = await V1Client.connect(first.chat, { token });
    acks.push(await two.send(answer, { id: "x" }));
    await first.drain();
    const second = await start(createMemoryLog({ partitions: 2, store }));
    const three = await V1Client.connect(second.chat, { token });
    acks.push(await three.send(answer, { id: "x" }));
    expect(acks).toEqual(new Array(4).fill({ kind: "Ack", id: "x" }));
    await three.send(choose("others", "no"), { id: "y" });
    await three.seq(6);
    expect(three.words.filter((w) => w.includes("ChoiceResponse"))).toEqual([
      "3 ChoiceResponse lang go",
      "5 ChoiceResponse others no",
    ]);
  });

  it("[F6] refuses to the one that sent it what is stale, again on a repeat", async () => {
    const { chat } = await start();
    const client = await V1Client.connect(chat);
    await client.seq(2);
    await client.send(choose("lang", "go"), { id: "a", re: 1 });
    const refused = await client.until(() => client.all.find((f) => f.kind === "Refused"), "Refused");
    expect(refused).toEqual({ kind: "Refused", id: "a", code: "stale" });
    await client.send(choose("lang", "go"), { id: "a", re: 1 });
    await client.until(() => client.all.filter((f) => f.kind === "Refused").length === 2, "Refused again");
    expect(client.messages.length).toBe(2);
  });

  it("[P4] resumes after what a client has, and says Resync when that is not this log's", async () => {
    const { chat } = await start();
    const one = await V1Client.connect(chat);
    const { token } = one.welcome;
    const second = await one.seq(2);
    await one.send(choose("lang", "go"));
    const last = await one.seq(4);
    const two = await V1Client.connect(chat, { token, after: { seq: 2, id: second.id } });
    await two.seq(4);
    expect(two.words).toEqual(one.words.slice(2));
    const three = await V1Client.connect(chat, { token, after: { seq: last.seq, id: last.id } });
    await three.until(() => three.all.some((f) => f.kind === "Turn"), "the last turn");
    expect(three.messages).toEqual([]);
    for (const after of [
      { seq: 2, id: "b.c.other.0.1" },
      { seq: 9, id: last.id },
    ]) {
      const client = await V1Client.connect(chat, { token, after });
      await client.seq(4);
      expect(client.all.slice(1, 3).map((f) => f.kind)).toEqual(["Resync", "Message"]);
      expect(client.words).toEqual(one.words);
    }
  });

  it("[W3] a start over clears other tabs, and one that comes back from before it is told", async () => {
    const { chat } = await start();
    const one = await V1Client.connect(chat);
    const { token } = one.welcome;
    const two = await V1Client.connect(chat, { token });
    const second = await two.seq(2);
    await one.send({ kind: "ResetSession" }, { id: "r" });
    await two.seq(5);
    expect(two.words.slice(2)).toEqual(["3 ResetSession", ...GREETING.map((w, i) => `${i + 4} ${w}`)]);
    const back = await V1Client.connect(chat, { token, after: { seq: 2, id: second.id } });
    await back.seq(5);
    expect(back.words[0]).toBe("3 ResetSession");
    const fresh = await V1Client.connect(chat, { token });
    await fresh.seq(5);
    expect(fresh.words.map((w) => w.slice(0, 1))).toEqual(["4", "5"]);
  });

  it("[P14] a wrong secret, a sid alone, another flow's token: each gets a fresh, empty conversation", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const ask = {
      a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      t: { matchResponse: { kind: "UserText", sessionId: "s" } },
    };
    const { wsUrl } = await start(undefined, { argv: writeFlows(folder.path, { one: ask, two: ask }) });
    const victim = await V1Client.connect(`${wsUrl}chat/one`);
    await victim.send(type("s", "my secret"));
    const { sid, token } = victim.welcome;
    const tries = [
      ["one", sid],
      ["one", `${sid}.${"A".repeat(43)}`],
      ["one", `${sid}.`],
      ["one", `${"0".repeat(40)}.${token.split(".")[1]}`],
      ["two", token],
    ] as const;
    for (const [flow, guess] of tries) {
      const thief = await V1Client.connect(`${wsUrl}chat/${flow}`, { token: guess, after: { seq: 2, id: "x" } });
      await thief.seq(1);
      expect(thief.welcome.sid).not.toBe(sid);
      expect(thief.raw.join()).not.toContain("secret");
      expect(thief.words).toEqual(["1 StartChatSession s"]);
    }
  });

  it("[W2] says why a frame is not taken, and goes on", async () => {
    const { chat } = await start();
    const client = await V1Client.connect(chat);
    await client.seq(2);
    client.frame({ kind: "Nonsense", id: "n" });
    expect(await client.until(() => client.all.find((f) => f.kind === "Nack"), "Nack")).toEqual({
      kind: "Nack",
      id: "n",
      code: "bad-message",
    });
    expect(await client.send(type("s", "x".repeat(5000)))).toMatchObject({ kind: "Nack", code: "too-long" });
    client.frame({ kind: "Ping" });
    await client.until(() => client.all.find((f) => f.kind === "Pong"), "Pong");
    expect(await client.send(choose("lang", "go"))).toMatchObject({ kind: "Ack" });
    client.ws.send("x".repeat(17 * 1024));
    expect((await client.whenClosed()).code).toBe(1009);
  });

  it("[P10] limits frames and new sessions by address, and forgets nothing that was acknowledged", async () => {
    const env = { LIMIT_FRAMES_PER_SOCKET: "5", LIMIT_SESSIONS_PER_MINUTE: "2" };
    const { chat } = await start(undefined, { env });
    const client = await V1Client.connect(chat);
    const answers = await Promise.all(Array.from({ length: 12 }, () => client.send(choose("lang", "nothing"))));
    const codes = new Set(answers.map((f) => (f.kind === "Nack" ? f.code : f.kind)));
    expect(codes).toEqual(new Set(["Ack", "rate-limited"]));
    await V1Client.connect(chat);
    await expect(V1Client.connect(chat)).rejects.toThrow("4429");
    await expect(BareClient.connect(chat)).rejects.toThrow("429");
    expect((await V1Client.connect(chat, { token: client.welcome.token })).welcome.sid).toBe(client.welcome.sid);
  });

  it("[F12] says what the page set, as text", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const hello = {
      a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "b" },
      b: { sendRequest: { kind: "BotText", content: "Hi {{name|there}}" } },
    };
    const [path] = writeFlows(folder.path, { hello }, { hello: { variables: ["name"] } });
    const { wsUrl } = await start(undefined, { argv: [path!] });
    const client = await V1Client.connect(`${wsUrl}chat/hello`);
    client.frame({ kind: "SetVariables", id: "v", values: { name: "<b>Ada" } });
    await client.until(() => client.all.find((f) => f.kind === "Turn" && f.of === "v"), "its turn");
    await client.send(type("s", "x"));
    expect((await client.seq(3)).message).toEqual({ kind: "BotText", content: "Hi &lt;b&gt;Ada" });
  });
});

describe("versions", () => {
  it("[P6] a conversation stays on the version it began with; a start over takes the live one", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const flow = (text: string) => ({
      a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      t: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "b" },
      b: { sendRequest: { kind: "BotText", content: text } },
    });
    const store = createMemoryStore(2);
    const first = await start(createMemoryLog({ partitions: 2, store }), {
      argv: writeFlows(folder.path, { chat: flow("one") }),
    });
    const url = `${first.wsUrl}chat/chat`;
    const old = await V1Client.connect(url);
    const published = new Promise<void>((resolve) => void first.registry.onPublished(resolve));
    const paths = writeFlows(folder.path, { chat: flow("two") });
    await published;
    await old.send(type("s", "x"));
    expect((await old.seq(3)).message).toMatchObject({ content: "one" });
    const fresh = await V1Client.connect(url);
    await fresh.send(type("s", "x"));
    expect((await fresh.seq(3)).message).toMatchObject({ content: "two" });
    await first.drain();

    const second = await start(createMemoryLog({ partitions: 2, store }), { argv: paths });
    expect(second.registry.versions("chat").length).toBe(2); // a restart publishes nothing
    const back = await V1Client.connect(`${second.wsUrl}chat/chat`, { token: old.welcome.token });
    await back.send(type("s", "y"));
    expect((await back.seq(5)).message).toMatchObject({ content: "one" });
    await back.send({ kind: "ResetSession" });
    await back.send(type("s", "z"));
    expect((await back.seq(9)).message).toMatchObject({ content: "two" });
  });

  it("a broken change is reported and the old version stays", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
    const argv = writeFlows(folder.path, { chat: say("one") });
    let reported = (_line: string): void => undefined;
    const report = new Promise<string>((resolve) => {
      reported = (line) => line.includes("nowhere") && resolve(line);
    });
    const runtime = await start(undefined, { argv, onLog: (line) => reported(line) });
    const published = new Promise<void>((resolve) => void runtime.registry.onPublished(resolve));
    writeFlows(folder.path, { chat: { a: { sendRequest: { kind: "BotText", content: "broken" }, next: "nowhere" } } });
    expect(await report).toContain("The last version stays");
    expect(runtime.registry.versions("chat").length).toBe(1);
    writeFlows(folder.path, { chat: say("two") });
    await published;
    expect(runtime.registry.versions("chat").map((v) => v.version)).toEqual([1, 2]);
  });
});

describe("admission", () => {
  it("[W1] refuses foreign origins, unknown flows and names that are not ours", async () => {
    const { wsUrl, url } = await start();
    const connect = (path: string, headers: Record<string, string>) =>
      BareClient.connect(`${wsUrl}${path}`, { headers });
    await expect(connect("", { Origin: "https://evil.example" })).rejects.toThrow("403");
    await expect(connect("", { Origin: "null" })).rejects.toThrow("403");
    await expect(connect("chat/nothing", {})).rejects.toThrow("404");
    await expect(connect("studio", {})).rejects.toThrow("404");
    await expect(connect("", { Host: "evil.example" })).rejects.toThrow("421");
    await (await connect("", { Origin: url.slice(0, -1) })).words(1);
    expect(await status(url, "metrics", { Host: "evil.example" })).toBe(421);
    expect(await status(url, "healthz", { Host: "evil.example" })).toBe(200);
    expect(await status(url, "metrics", { "X-Forwarded-For": "1.2.3.4" })).toBe(401);
    expect(await status(url, "metrics", {})).toBe(200);
    expect(await status(url, "readyz", {})).toBe(200);
    expect(await status(url, "nothing", {})).toBe(404);
  });
});

describe("the log fails", () => {
  it("[P11] acknowledges nothing that is not stored, and goes on by itself", async () => {
    let broken = false;
    const log = createMemoryLog({
      partitions: 1,
      beforeCommit: () => {
        if (broken) throw new Error("the disk is away");
      },
    });
    const { chat } = await start(log);
    const client = await V1Client.connect(chat);
    await client.seq(2);
    broken = true;
    expect(await client.send(choose("lang", "go"), { id: "x" })).toMatchObject({ kind: "Nack", code: "busy" });
    broken = false;
    expect(await client.send(choose("lang", "go"), { id: "x" })).toEqual({ kind: "Ack", id: "x" });
    await client.seq(4);
    expect(client.words.slice(2)).toEqual(["3 ChoiceResponse lang go", "4 ChoiceRequest others"]);
  });

  it("[P1] acknowledges only after the commit", async () => {
    let hold: (() => void) | undefined;
    let held = false;
    const log = createMemoryLog({
      partitions: 1,
      beforeCommit: () => {
        if (!held) return;
        return new Promise<void>((resolve) => {
          hold = resolve;
        });
      },
    });
    const { chat } = await start(log);
    const client = await V1Client.connect(chat);
    await client.seq(2);
    held = true;
    const acked = client.send(choose("lang", "go"));
    while (!hold) await delay(1);
    client.frame({ kind: "Ping" });
    await client.until(() => client.all.find((f) => f.kind === "Pong"), "Pong");
    expect(client.all.filter((f) => f.kind === "Ack" || (f.kind === "Message" && f.seq > 2))).toEqual([]);
    held = false;
    hold();
    expect(await acked).toMatchObject({ kind: "Ack" });
    await client.seq(4);
  });
});

async function sids(log: Runtime["log"]): Promise<string[]> {
  const found = new Set<string>();
  for (let partition = 0; partition < log.partitions; partition++) {
    const head = await log.head(partition);
    if (log.reached(head, log.start)) continue;
    for await (const batch of log.subscribe(partition, undefined, { signal: new AbortController().signal })) {
      if ("gap" in batch) continue;
      for (const record of batch.records) found.add(record.sid);
      if (log.reached(head, batch.cursor)) break;
    }
  }
  return [...found];
}

function status(url: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on("error", reject);
  });
}
