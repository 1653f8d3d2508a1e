import type { User, Users } from "@parley/shared/api/access";
import type { ConversationList } from "@parley/shared/api/conversations";
import type { FlowList } from "@parley/shared/api/flows";
import type { Inbox } from "@parley/shared/api/inbox";
import type { SavedReplyList } from "@parley/shared/api/support";
import { afterEach, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { eventually } from "../testing/eventually.js";
import { FLOWS, serve } from "../testing/server.js";
import { type Identity, StudioTab, send, signIn } from "../testing/studio.js";
import { enter } from "../testing/survey.js";

const [MINE, OTHER] = ["bot-assistant", "feedback-survey"];
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function setUp() {
  const argv = [`${FLOWS}${MINE}.json`, `${FLOWS}${OTHER}.json`];
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { argv });
  cleanup.push(() => runtime.drain());
  const owner = await signIn(runtime);
  const ask = async <T>(who: Identity, method: string, path: string, body?: unknown, status = 200): Promise<T> => {
    const answer = await send(runtime.url, method, `/api/${path}`, {
      headers: who,
      ...(body !== undefined && { body }),
    });
    expect(answer.status, answer.text).toBe(status);
    return answer.json as T;
  };
  for (const name of ["Ada", "Bob"]) {
    runtime.studio.people.add({ id: name, name, role: "operator", password: null, created: 0 });
  }
  await ask(owner, "PATCH", "users/Ada", { flows: [MINE] });
  return { runtime, owner, ask, ada: await signIn(runtime, "Ada"), bob: await signIn(runtime, "Bob") };
}

it("an operator of one flow has that one in every list, and finds nothing of another", async () => {
  const { runtime, owner, ask, ada, bob } = await setUp();
  const [mine, other] = [await enter(runtime, MINE), await enter(runtime, OTHER)];
  for (const flow of [MINE, OTHER, undefined]) {
    await ask(owner, "POST", "replies", { title: `for ${flow}`, text: "x", ...(flow && { flow }) }, 201);
  }
  const seen = async (who: Identity) => {
    const flows = (await ask<FlowList>(who, "GET", "flows")).flows.map(({ id }) => id);
    const conversations = (await ask<ConversationList>(who, "GET", "conversations")).conversations.map(({ id }) => id);
    const replies = (await ask<SavedReplyList>(who, "GET", "replies")).replies.map(({ title }) => title);
    return { flows: flows.sort(), conversations: conversations.sort(), replies };
  };
  const all = [mine.welcome.sid, other.welcome.sid].sort();
  await eventually(async () => {
    expect(await seen(bob)).toEqual({
      flows: [MINE, OTHER],
      conversations: all,
      replies: [`for ${MINE}`, `for ${OTHER}`, "for undefined"],
    });
  });
  expect(await seen(ada)).toEqual({
    flows: [MINE],
    conversations: [mine.welcome.sid],
    replies: [`for ${MINE}`, "for undefined"],
  });
  for (const [flow, { welcome }] of [
    [MINE, mine],
    [OTHER, other],
  ] as const) {
    const take = { kind: "Takeover", id: "take", name: "Bob" };
    await ask(bob, "POST", `flows/${flow}/conversations/${welcome.sid}/deeds`, take);
  }
  const inbox = async (who: Identity) => (await ask<Inbox>(who, "GET", "inbox")).rows.map(({ flow }) => flow);
  await eventually(async () => expect((await inbox(bob)).sort()).toEqual([MINE, OTHER]));
  expect(await inbox(ada)).toEqual([MINE]);
  // As one that nobody has talked in, and as one that is not there.
  for (const flow of [OTHER, "missing"]) {
    expect(await ask(ada, "GET", `conversations?flow=${flow}`)).toEqual({ conversations: [], total: 0 });
    await ask(ada, "GET", `flows/${flow}/conversations/${other.welcome.sid}`, undefined, 404);
    const take = { kind: "Takeover", id: "a", name: "Ada" };
    await ask(ada, "POST", `flows/${flow}/conversations/${other.welcome.sid}/deeds`, take, 404);
    await ask(ada, "POST", "replies", { title: "x", text: "x", flow }, 404);
  }
  // Nor under the address of a flow that is hers.
  await ask(ada, "GET", `flows/${MINE}/conversations/${other.welcome.sid}`, undefined, 404);
  expect(await ask(ada, "GET", "session")).toMatchObject({ me: { flows: [MINE] } });
});

it("her socket tells nothing of another flow", async () => {
  const { runtime, ask, ada, bob } = await setUp();
  const tabs = await Promise.all([ada, bob].map((who) => StudioTab.connect(runtime, who)));
  const [hers, his] = tabs as [StudioTab, StudioTab];
  const other = await enter(runtime, OTHER);
  for (const tab of tabs) {
    tab.say({ kind: "OpenInbox", on: true });
    tab.say({ kind: "Look", flow: OTHER });
    tab.say({ kind: "Watch", flow: OTHER, conversation: other.welcome.sid });
  }
  await his.until(() => his.all.some(({ kind }) => kind === "Happened"), "what was said");
  await his.until(() => his.all.some(({ kind }) => kind === "ConversationsChanged"), "the lists");
  const take = { kind: "Takeover", id: "take", name: "Bob" };
  await ask(bob, "POST", `flows/${OTHER}/conversations/${other.welcome.sid}/deeds`, take);
  await his.until(() => his.all.some((frame) => frame.kind === "Inbox" && frame.rows.length > 0), "his inbox");
  const mine = await enter(runtime, MINE);
  hers.say({ kind: "Watch", flow: MINE, conversation: mine.welcome.sid });
  await hers.until(() => hers.all.some(({ kind }) => kind === "Happened"), "what was said in hers");
  await hers.until(() => hers.all.some(({ kind }) => kind === "ConversationsChanged"), "her lists");
  expect(JSON.stringify(hers.all)).not.toContain(OTHER);
  expect(JSON.stringify(hers.all)).not.toContain(other.welcome.sid);
  expect(his.present).toEqual([]);
});

it("[P14] a visitor's token opens no socket of the studio's", async () => {
  const { runtime } = await setUp();
  const { token } = (await enter(runtime, MINE)).welcome;
  const origin = new URL(runtime.url).origin;
  for (const headers of [
    { origin, authorization: `Bearer ${token}` },
    { origin, cookie: `parley-${new URL(runtime.url).port}=${token}` },
  ]) {
    await expect(StudioTab.connect(runtime, headers)).rejects.toThrow("401");
  }
});

it("an owner sets it, for roles that change no flow; a change signs out, and another role lifts it", async () => {
  const { owner, ask, ada } = await setUp();
  const user = async () => (await ask<Users>(owner, "GET", "users")).users.find(({ id }) => id === "Ada")!;
  expect((await user()).flows).toEqual([MINE]);
  for (const [body, sentence] of [
    [{ flows: ["none"] }, 'There is no flow "none".'],
    [{ flows: [MINE], role: "editor" }, "Only operators and viewers can be limited to some flows."],
  ] as const) {
    expect(await ask(owner, "PATCH", "users/Ada", body, 422)).toMatchObject({ title: sentence });
  }
  await ask(ada, "GET", "flows");
  expect((await ask<User>(owner, "PATCH", "users/Ada", { flows: [] })).flows).toEqual([]);
  await ask(ada, "GET", "flows", undefined, 401);
  expect((await ask<User>(owner, "PATCH", "users/Ada", { role: "viewer" })).flows).toEqual([]);
  expect(await ask<User>(owner, "PATCH", "users/Ada", { role: "editor" })).not.toHaveProperty("flows");
  await ask(owner, "PATCH", "users/Ada", { role: "operator", flows: [MINE] });
  expect(await ask<User>(owner, "PATCH", "users/Ada", { flows: null })).not.toHaveProperty("flows");
});
