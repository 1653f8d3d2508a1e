import { afterEach, describe, expect, it } from "vitest";
import type { Runtime } from "./runtime.js";
import { BareClient, choose, V1Client } from "./testing/clients.js";
import { scratch, serve, writeFlows } from "./testing/server.js";
import { type Identity, send, signIn } from "./testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Asks, and says by which version it asked; each name of a state is another in each. */
const flow = (n: number) => ({
  [`ask${n}`]: {
    sendRequest: {
      kind: "ChoiceRequest",
      groupId: `group${n}`,
      question: `Version ${n}?`,
      choices: [{ itemId: "yes", content: `Yes, ${n}` }],
    },
  },
  [`yes${n}`]: { matchResponse: { kind: "ChoiceResponse", groupId: `group${n}`, itemId: "yes" }, next: `done${n}` },
  [`done${n}`]: { sendRequest: { kind: "BotText", content: `Done by ${n}` } },
});

type Studio = Runtime & { owner: Identity; chat: string };
function shop(): () => Promise<Studio> {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const argv = writeFlows(folder.path, { shop: flow(1) });
  return async () => {
    const runtime = await serve(undefined, { argv, env: { DATA_DIR: `${folder.path}/data` } });
    cleanup.push(() => runtime.drain());
    return Object.assign(runtime, { owner: await signIn(runtime), chat: `${runtime.wsUrl}chat/shop` });
  };
}
async function act(studio: Studio, path: string, body: object): Promise<void> {
  const answer = await send(studio.url, "POST", `/api/flows/shop${path}`, { headers: studio.owner, body });
  expect(answer.status, answer.text).toBe(200);
}
const publish = (studio: Studio, n: number, over: number) =>
  act(studio, "/versions", { from: { kind: "file", text: JSON.stringify(flow(n)) }, over, note: "" });
const back = (studio: Studio, version: number, over: number) =>
  act(studio, "/versions", { from: { kind: "version", version }, over, note: "" });

const texts = (client: V1Client): string[] =>
  client.messages.map(({ message }) => {
    if (message.kind === "ChoiceRequest") return message.question;
    return "content" in message ? String(message.content) : message.kind;
  });
/** Begins a conversation, and waits for its question. */
async function begin(studio: Studio): Promise<V1Client> {
  const client = await V1Client.connect(studio.chat);
  await client.until(() => client.messages.length > 0, "a question");
  return client;
}
/** Answers, and says all that was said in the conversation. */
async function finish(client: V1Client, n: number): Promise<string[]> {
  await client.send(choose(`group${n}`, "yes"));
  await client.until(() => client.messages.length >= 3, "the end");
  return texts(client);
}
const whole = (n: number) => [`Version ${n}?`, `Yes, ${n}`, `Done by ${n}`];

describe("[P6] a conversation stays on the version it began with", () => {
  it("over publishing, going back, taking down and restarts, with five versions at once", async () => {
    const start = shop();
    let studio = await start();
    const one = await begin(studio);
    const two = await begin(studio);
    await publish(studio, 2, 1);
    const onTwo = await begin(studio);
    await publish(studio, 3, 2);
    const onThree = await begin(studio);
    // In mid-conversation, without a restart: each is answered by its own.
    expect(await finish(one, 1)).toEqual(whole(1));
    await back(studio, 2, 3);
    const onFour = await begin(studio);
    expect(texts(onFour)).toEqual(["Version 2?"]);
    expect(studio.registry.live("shop")).toMatchObject({ version: 4, back: 2 });
    await studio.drain();

    studio = await start();
    expect(studio.registry.live("shop")).toMatchObject({ version: 4, back: 2 });
    const again = async (client: V1Client) => {
      const last = client.messages.at(-1)!;
      const resumed = await V1Client.connect(studio.chat, { token: client.welcome.token });
      await resumed.until(() => resumed.messages.some(({ seq }) => seq === last.seq), "what was said");
      expect(resumed.welcome.sid).toBe(client.welcome.sid);
      return resumed;
    };
    expect(await finish(await again(two), 1)).toEqual(whole(1));
    const [resumedTwo, resumedThree] = [await again(onTwo), await again(onThree)];
    await act(studio, "/unpublish", { over: 4 });
    expect(await finish(resumedTwo, 2)).toEqual(whole(2));
    await studio.drain();

    // Taken down: whoever has begun finishes, also after a restart, on a new socket.
    studio = await start();
    expect(studio.registry.live("shop")).toBeUndefined();
    expect(await finish(await again(resumedThree), 3)).toEqual(whole(3));
    expect(await finish(await again(onFour), 2)).toEqual(whole(2));
    await publish(studio, 5, 0);
    expect(texts(await begin(studio))).toEqual(["Version 5?"]);
    // What every record of a conversation's beginning says.
    const versions = await Promise.all(
      [one, two, onTwo, onThree, onFour].map(async ({ welcome }) => (await studio.log.read(welcome.sid))[0]),
    );
    expect(versions.map((record) => (record as { version?: number }).version)).toEqual([1, 1, 2, 3, 4]);
  });
});

describe("a flow that was taken down", () => {
  it("takes nobody new, in both protocols, and does not begin again for who is in it", async () => {
    const studio = await shop()();
    const guest = await begin(studio);
    const bare = await BareClient.connect(studio.chat);
    await bare.words(1);
    await act(studio, "/unpublish", { over: 1 });
    await expect(V1Client.connect(studio.chat)).rejects.toThrow(/4404/);
    await expect(BareClient.connect(studio.chat)).rejects.toThrow(/404/);
    const back = await BareClient.connect(studio.chat, { cookie: bare.cookie! });
    expect(await back.words(1)).toEqual(["ChoiceRequest group1"]);
    guest.frame({ kind: "Send", id: "again", message: { kind: "ResetSession" } });
    expect(await guest.whenClosed()).toMatchObject({ code: 4404 });
    const { text } = await send(studio.url, "GET", "/demo/flows.json");
    expect(JSON.parse(text).flows).toEqual([]);
  });
});

describe("what a version carries", () => {
  it("origins and appearance follow what is live, and no visitor is sent the policy", async () => {
    const studio = await shop()();
    const settings = {
      title: "Shop of secrets",
      origins: ["https://allowed-canary.example"],
      appearance: { color: "#123456" },
      variables: ["canary-variable"],
    };
    const from = { kind: "file", text: JSON.stringify(flow(2)), settings };
    await act(studio, "/versions", { from, over: 1, note: "canary-note" });
    const headers = { Origin: "https://allowed-canary.example" };
    const guest = await V1Client.connect(studio.chat, {}, headers);
    await guest.until(() => guest.messages.length > 0, "a question");
    expect(guest.welcome.flow).toEqual({
      id: "shop",
      version: 2,
      appearance: { title: "Shop of secrets", color: "#123456" },
    });
    const page = await send(studio.url, "GET", "/demo/flows.json");
    for (const text of [...guest.raw, page.text]) expect(text).not.toMatch(/canary/);
    await back(studio, 1, 2);
    await expect(V1Client.connect(studio.chat, {}, headers)).rejects.toThrow(/403/);
  });

  it("limits follow what is live, also in a conversation that began before", async () => {
    const studio = await shop()();
    const ask = {
      ask: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      any: { matchResponse: { kind: "UserText", sessionId: "s" } },
    };
    const guarded = (settings: object, over: number) =>
      act(studio, "/versions", { from: { kind: "file", text: JSON.stringify(ask), settings }, over, note: "" });
    await guarded({}, 1);
    const guest = await V1Client.connect(studio.chat);
    await guest.seq(1);
    const say = (content: string) => guest.send({ kind: "UserText", sessionId: "s", content });
    expect(await say("1234567890")).toMatchObject({ kind: "Ack" });
    await guarded({ limits: { text: 5, messages: 3 } }, 2);
    expect(await say("123456")).toMatchObject({ kind: "Nack", code: "too-long" });
    expect(await say("12345")).toMatchObject({ kind: "Ack" });
    expect(await say("3")).toMatchObject({ kind: "Ack" });
    expect(await say("4")).toMatchObject({ kind: "Nack", code: "too-many" });
    for (const frame of guest.raw) expect(frame).not.toContain("limits");
  });

  it("[F12] a page may set the names that are declared in what is live, and no other", async () => {
    const studio = await shop()();
    const flow = {
      ask: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
      any: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "hi" },
      hi: { sendRequest: { kind: "BotText", content: "Hi {{name|you}}, {{plan|no plan}}" } },
    };
    const publish = (variables: string[] | undefined, over: number) =>
      act(studio, "/versions", {
        from: { kind: "file", text: JSON.stringify(flow), settings: variables ? { variables } : {} },
        over,
        note: "",
      });
    let n = 0;
    const set = async (guest: V1Client, values: Record<string, string>) => {
      const id = `page-${n++}`;
      guest.frame({ kind: "SetVariables", id, values });
      return guest.until(() => guest.all.find((frame) => "id" in frame && frame.id === id), "its answer");
    };
    await publish(undefined, 1);
    const guest = await V1Client.connect(studio.chat);
    await guest.seq(1);
    expect(await set(guest, { name: "Ada" })).toMatchObject({ kind: "Nack", code: "not-declared" });
    expect(await set(guest, {})).toMatchObject({ kind: "Ack" });
    await publish(["name", "plan"], 2);
    expect(await set(guest, { name: "Ada", plan: "free" })).toMatchObject({ kind: "Ack" });
    await publish(["name"], 3);
    // All of a message or nothing: the name that is declared is not taken with one that is not.
    expect(await set(guest, { name: "Eve", plan: "gold" })).toMatchObject({ kind: "Nack", code: "not-declared" });
    expect(await set(guest, { constructor: "x" })).toMatchObject({ kind: "Nack", code: "not-declared" });
    await guest.send({ kind: "UserText", sessionId: "s", content: "hello" });
    expect((await guest.seq(3)).message).toMatchObject({ content: "Hi Ada, free" });
    expect(JSON.stringify(await studio.log.read(guest.welcome.sid))).not.toMatch(/Eve|gold/);
    for (const frame of guest.raw) expect(frame).not.toContain("variables");
  });
});
