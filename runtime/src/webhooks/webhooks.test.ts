import { createHmac } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { DeliveryList, MadeWebhook, WebhookList } from "@parley/shared/api/webhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Runtime } from "../runtime.js";
import { type } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { scratch, serve } from "../testing/server.js";
import { type Identity, send, signIn } from "../testing/studio.js";
import { enter, publish, say } from "../testing/survey.js";

const FLOW = "bot-assistant";
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

type Got = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** Another tool: what came to it, and how it answers. */
async function tool() {
  const got: Got[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    got.push({ headers: request.headers, body });
    response.writeHead(answers.shift() ?? 200).end("what a tool answers is nobody's business");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { got, answers, url: `http://127.0.0.1:${port}/parley`, allow: `127.0.0.1:${port}` };
}

async function start(data: string, allow: string, now?: () => number) {
  const env = { DATA_DIR: data, WEBHOOK_ALLOW: allow };
  const runtime = await serve(undefined, { env, ...(now && { overrides: { now } }) });
  cleanup.push(() => runtime.drain());
  return { runtime, owner: await signIn(runtime) };
}

async function setUp() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const other = await tool();
  const data = join(folder.path, "data");
  return { ...other, data, ...(await start(data, other.allow)) };
}

async function hook({ url: server }: Runtime, owner: Identity, body: object): Promise<MadeWebhook> {
  const made = await send(server, "POST", "/api/webhooks", { headers: owner, body });
  expect(made.status, made.text).toBe(201);
  return made.json as MadeWebhook;
}

const deliveries = async ({ url }: Runtime, owner: Identity, { id }: { id: string }) =>
  ((await send(url, "GET", `/api/webhooks/${id}/deliveries`, { headers: owner })).json as DeliveryList).deliveries;

/** Takes a conversation over, lets the visitor say something, and gives it back. */
async function visit(runtime: Runtime, owner: Identity): Promise<string> {
  const guest = await enter(runtime, FLOW);
  const { sid } = guest.welcome;
  const deed = async (body: object) => {
    const path = `/api/flows/${FLOW}/conversations/${sid}/deeds`;
    return (await send(runtime.url, "POST", path, { headers: owner, body })).json as { act: string };
  };
  const { act } = await deed({ kind: "Takeover", id: "take", name: "Ada" });
  await say(guest, type("operator", "my secret words"));
  await deed({ kind: "GiveBack", id: "back", after: act });
  return sid;
}

const kinds = (got: readonly Got[]) => got.map(({ body }) => (JSON.parse(body) as { type: string }).type);

describe("webhooks", () => {
  // Elsewhere calls were not signed, and credentials went wherever somebody said: CVE-2026-4984.
  it("[P15] [unauthenticated webhook] tell by a signed call that a person took a conversation and that it went on, each once, without a visitor's words", async () => {
    const { runtime, owner, got, url } = await setUp();
    const made = await hook(runtime, owner, { url });
    const sid = await visit(runtime, owner);
    await eventually(() => expect(got).toHaveLength(2));
    expect(kinds(got)).toEqual(["conversation.taken", "conversation.ended"]);
    expect(JSON.parse(got[1]!.body)).toEqual({
      type: "conversation.ended",
      timestamp: expect.stringMatching(/^\d{4}-/),
      data: {
        flow: FLOW,
        conversation: sid,
        outcome: "closed",
        link: `${runtime.url}studio/f/${FLOW}/conversations/${sid}`,
      },
    });
    for (const { headers, body } of got) {
      const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature } = headers;
      const key = Buffer.from(made.secret.replace("whsec_", ""), "base64");
      const wanted = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
      expect([key.length, signature]).toEqual([32, `v1,${wanted}`]);
      expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(60);
      expect(body).not.toContain("secret words");
    }
    const rows = await eventually(async () => {
      const all = await deliveries(runtime, owner, made);
      expect(all.map(({ state, tries, status }) => [state, tries, status])).toEqual([
        ["delivered", 1, 200],
        ["delivered", 1, 200],
      ]);
      return all;
    });
    expect(rows.map(({ event }) => event)).toEqual(got.map(({ headers }) => headers["webhook-id"]).reverse());
    const list = await send(runtime.url, "GET", "/api/webhooks", { headers: owner });
    expect((list.json as WebhookList).webhooks).toHaveLength(1);
    for (const text of [list.text, JSON.stringify(rows)]) expect(text).not.toMatch(/whsec_|nobody's business/);
  });

  it("tell that a flow asks for a person, in which queue, and that nobody is there", async () => {
    const { runtime, owner, got, url } = await setUp();
    await hook(runtime, owner, { url });
    const flow = {
      ask: { sendRequest: { kind: "HandOff", handOffId: "help", queue: "Sales", content: "One moment" } },
      done: { matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: "closed" }, next: "bye" },
      nobody: { matchResponse: { kind: "HandOffResult", handOffId: "help", outcome: "unavailable" }, next: "bye" },
      bye: { sendRequest: { kind: "BotText", content: "Bye" } },
    };
    await publish(runtime, "desk", flow, "p1");
    const guest = await enter(runtime, "desk");
    await eventually(() => expect(got).toHaveLength(2));
    const data = { flow: "desk", conversation: guest.welcome.sid, queue: "Sales" };
    expect(got.map(({ body }) => JSON.parse(body)).sort((a, b) => (a.type < b.type ? 1 : -1))).toMatchObject([
      { type: "conversation.waiting", data },
      { type: "conversation.ended", data: { ...data, outcome: "unavailable" } },
    ]);
  });

  it("send a visitor's words where an owner wants that", async () => {
    const { runtime, owner, got, url } = await setUp();
    await hook(runtime, owner, { url, texts: true });
    await visit(runtime, owner);
    await eventually(() => expect(got).toHaveLength(2));
    expect((JSON.parse(got[1]!.body) as { data: { text: string } }).data.text).toBe("my secret words");
  });

  it("[P3] come again under the same number until they are taken, over a restart that knows nothing any more", async () => {
    const { runtime, owner, got, url, answers, data, allow } = await setUp();
    const made = await hook(runtime, owner, { url });
    answers.push(500, 500);
    await visit(runtime, owner);
    await eventually(async () => {
      const all = await deliveries(runtime, owner, made);
      expect(all.map(({ state, status }) => [state, status])).toEqual([
        ["waiting", 500],
        ["waiting", 500],
      ]);
    });
    await runtime.drain();
    rmSync(join(data, "projections.db"));
    const first = got.map(({ headers }) => headers["webhook-id"]);
    // A day less a minute has passed, and the lists are built anew from the log.
    const later = await start(data, allow, () => Date.now() + 86_340_000);
    await eventually(() => expect(got).toHaveLength(4));
    expect(got.slice(2).map(({ headers }) => headers["webhook-id"])).toEqual(first);
    await eventually(async () => {
      const all = await deliveries(later.runtime, later.owner, made);
      expect(all.map(({ state, tries }) => [state, tries])).toEqual([
        ["delivered", 2],
        ["delivered", 2],
      ]);
    });
  });

  it("[P12] whose outcome a full disk did not take are sent once more, and the server goes on", async () => {
    const { runtime, owner, got, url } = await setUp();
    const made = await hook(runtime, owner, { url });
    vi.spyOn(runtime.studio.webhooks, "tried").mockImplementationOnce(() => {
      throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    });
    await visit(runtime, owner);
    await eventually(async () => {
      const all = await deliveries(runtime, owner, made);
      expect(all.map(({ state }) => state)).toEqual(["delivered", "delivered"]);
    });
    const ids = got.map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([3, 2]);
  });

  it("[P15] [server-side request forgery] are an owner's: at public addresses only, and what is sent is of an erased conversation no more", async () => {
    const { runtime, owner, got, url, answers } = await setUp();
    for (const [address, sentence] of [
      ["http://hooks.example/", "The address is not https: what is sent could be read on its way."],
      [
        "https://169.254.169.254/latest",
        "169.254.169.254 is not on the public internet, and webhooks go nowhere else.",
      ],
      [`${url.replace(/\d+\/parley/, "1/")}`, "The address is not https: what is sent could be read on its way."],
    ] as const) {
      const made = await send(runtime.url, "POST", "/api/webhooks", { headers: owner, body: { url: address } });
      expect([made.status, (made.json as { title: string }).title], made.text).toEqual([422, sentence]);
    }
    const made = await hook(runtime, owner, { url, texts: true });
    const change = { headers: owner, body: { url: "https://localhost/" } };
    expect((await send(runtime.url, "PATCH", `/api/webhooks/${made.id}`, change)).status).toBe(422);
    answers.push(500, 500);
    const sid = await visit(runtime, owner);
    await eventually(() => expect(got).toHaveLength(2));
    await send(runtime.url, "DELETE", `/api/flows/${FLOW}/conversations/${sid}`, { headers: owner });
    expect(await deliveries(runtime, owner, made)).toEqual([]);
  });

  it("can be tried, which is listed and not tried again", async () => {
    const { runtime, owner, got, url, answers } = await setUp();
    const made = await hook(runtime, owner, { url });
    answers.push(204, 404);
    const test = () => send(runtime.url, "POST", `/api/webhooks/${made.id}/test`, { headers: owner });
    expect((await test()).json).toMatchObject({ kind: "webhook.test", state: "delivered", status: 204 });
    expect((await test()).json).toMatchObject({ state: "given-up", status: 404 });
    expect(kinds(got)).toEqual(["webhook.test", "webhook.test"]);
    expect((await deliveries(runtime, owner, made)).map(({ state }) => state).sort()).toEqual([
      "delivered",
      "given-up",
    ]);
    for (const [method, path] of [
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/test"],
      ["GET", "/deliveries"],
    ] as const) {
      const body = method === "PATCH" ? { body: { texts: true } } : {};
      const answer = await send(runtime.url, method, `/api/webhooks/nothing${path}`, { headers: owner, ...body });
      expect(answer.status).toBe(404);
    }
    for (let n = 1; n < 10; n++) await hook(runtime, owner, { url });
    const more = await send(runtime.url, "POST", "/api/webhooks", { headers: owner, body: { url } });
    expect([more.status, (more.json as { code: string }).code]).toEqual([409, "too-many-webhooks"]);
  });
});
