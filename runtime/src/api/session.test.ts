import { verify } from "@node-rs/argon2";
import { type MadeToken, type Me, ROLE_RIGHTS, type Tokens, type User, type Users } from "@parley/shared/api/access";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { StudioEvents } from "../studio/events.js";
import { hashPassword } from "../studio/passwords.js";
import { StudioStore } from "../studio/store.js";
import { serve } from "../testing/server.js";
import { cookieOf, type Identity, page, send, signIn } from "../testing/studio.js";
import { sessionRoutes } from "./routes/session.js";

vi.mock("@node-rs/argon2", { spy: true });

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const HOUR = 3_600_000;
let now: number;
async function start(options: Parameters<typeof serve>[1] = {}): Promise<Runtime> {
  now = 1_800_000_000_000;
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { ...options, overrides: { now: () => now } });
  cleanup.push(() => runtime.drain());
  return runtime;
}
const origin = (runtime: Runtime) => new URL(runtime.url).origin;
const enter = (runtime: Runtime, body: unknown, headers: Identity = {}) =>
  send(runtime.url, "POST", "/api/session", { headers: { origin: origin(runtime), ...headers }, body });
const status = async (runtime: Runtime, headers: Identity, path = "/api/flows") =>
  (await send(runtime.url, "GET", path, { headers })).status;

describe("login links", () => {
  it("a start on a loopback address has one; it signs in once, and nobody else", async () => {
    const runtime = await start();
    const [address, secret] = runtime.studioUrl.split("#");
    expect(address).toBe(`${runtime.url}studio/login`);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const answer = await enter(runtime, { secret });
    expect(answer.json).toMatchObject({
      kind: "person",
      role: "owner",
      rights: expect.arrayContaining(["access:manage"]),
    });
    expect(await status(runtime, page(runtime, cookieOf(answer)))).toBe(200);
    expect((await enter(runtime, { secret })).json).toMatchObject({ status: 401, code: "wrong-login" });
    expect((await enter(runtime, { secret: `${secret}x` })).status).toBe(401);
  });

  it("lasts ten minutes", async () => {
    const runtime = await start();
    const [early, late] = [runtime.studio.sessions.makeLink("local"), runtime.studio.sessions.makeLink("local")];
    now += 10 * 60_000 - 1;
    expect((await enter(runtime, { secret: early })).status).toBe(201);
    now += 1;
    expect((await enter(runtime, { secret: late })).status).toBe(401);
  });

  it("is not printed where others may read it", async () => {
    const runtime = await start({ env: { HOST: "0.0.0.0", PUBLIC_URL: "https://bots.example" } });
    expect(runtime.studioUrl).toBe("https://bots.example/studio");
  });
});

describe("the session's cookie", () => {
  it("[P15] is HttpOnly, Strict, and named by the port; on https it has the __Host- prefix", async () => {
    const plain = await start();
    const { port } = new URL(plain.url);
    const set = (await enter(plain, { secret: plain.studioUrl.split("#")[1] })).headers["set-cookie"];
    expect(String(set)).toMatch(
      new RegExp(`^parley-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200$`),
    );
    const secure = await start({ env: { PUBLIC_URL: "https://bots.example" } });
    const local = `http://localhost:${secure.ports.studio}/`;
    const answer = await send(local, "POST", "/api/session", {
      headers: { host: "bots.example", origin: "https://bots.example" },
      body: { secret: secure.studio.sessions.makeLink("local") },
    });
    expect(String(answer.headers["set-cookie"])).toMatch(/^__Host-parley-443=[\w-]{43}; Path=\/; .*; Secure$/);
    const cookie = cookieOf(answer);
    const asks = (headers: Identity) =>
      send(local, "GET", "/api/flows", { headers: { host: "bots.example", ...headers } });
    expect((await asks({ cookie })).status).toBe(200);
    expect((await asks({ cookie: cookie.replace("__Host-", "") })).status).toBe(401);
  });

  it("ends twelve hours after its last use, and is renewed by use", async () => {
    const runtime = await start();
    const identity = await signIn(runtime);
    now += 11 * HOUR;
    const used = await send(runtime.url, "GET", "/api/flows", { headers: identity });
    expect(String(used.headers["set-cookie"])).toContain("Max-Age=43200");
    expect(cookieOf(used)).toBe(identity.cookie);
    now += 11 * HOUR;
    expect(await status(runtime, identity)).toBe(200);
    now += 12 * HOUR;
    expect(await status(runtime, identity)).toBe(401);
  });

  it("signing out ends it on the server, and the others of the person stay", async () => {
    const runtime = await start();
    const [one, two] = [await signIn(runtime), await signIn(runtime)];
    const out = await send(runtime.url, "DELETE", "/api/session", { headers: one });
    expect([out.status, String(out.headers["set-cookie"])]).toEqual([204, expect.stringContaining("Max-Age=0")]);
    expect([await status(runtime, one), await status(runtime, two)]).toEqual([401, 200]);
    expect((await send(runtime.url, "GET", "/api/session", { headers: one })).json).toEqual({});
  });
});

describe("people", () => {
  const password = "correct horse battery";
  const invite = async (runtime: Runtime, owner: Identity, name = "Ada", role = "editor") =>
    (await send(runtime.url, "POST", "/api/users", { headers: owner, body: { name, role, password } })).json as User;

  it("sign in by name and password; the password is kept as argon2id only", async () => {
    const runtime = await start();
    const owner = await signIn(runtime);
    const ada = await invite(runtime, owner);
    expect(runtime.studio.people.get(ada.id)!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const answer = await enter(runtime, { name: " ada ", password });
    expect(answer.json as Me).toMatchObject({ name: "Ada", role: "editor", rights: ROLE_RIGHTS.editor });
    for (const wrong of [
      { name: "Ada", password: "Correct horse battery" },
      { name: "Bob", password },
      { name: "Owner", password: "" },
    ]) {
      expect((await enter(runtime, wrong)).json).toMatchObject({
        status: 401,
        code: "wrong-login",
        title: "The name or the password is wrong.",
      });
    }
    const taken = await send(runtime.url, "POST", "/api/users", {
      headers: owner,
      body: { name: "ADA", role: "viewer", password },
    });
    expect(taken.json).toMatchObject({ code: "name-taken" });
    const { users } = (await send(runtime.url, "GET", "/api/users", { headers: owner })).json as Users;
    expect(users.map(({ name, builtIn }) => [name, builtIn])).toEqual([
      ["Owner", true],
      ["Ada", false],
    ]);
    expect(JSON.stringify(users)).not.toContain("argon2");
  });

  it("a changed role or password, or removal, ends every session and link of that person", async () => {
    const runtime = await start();
    const owner = await signIn(runtime);
    for (const change of [
      { method: "PATCH", body: { role: "viewer" } },
      { method: "PATCH", body: { password: "another long one" } },
      { method: "DELETE" },
    ]) {
      const ada = await invite(runtime, owner);
      const identity = await signIn(runtime, ada.id);
      const link = runtime.studio.sessions.makeLink(ada.id);
      const { method, body } = change;
      const { status: done } = await send(runtime.url, method, `/api/users/${ada.id}`, {
        headers: owner,
        ...(body && { body }),
      });
      expect(done).toBeLessThan(300);
      expect(await status(runtime, identity)).toBe(401);
      expect((await enter(runtime, { secret: link })).status).toBe(401);
      if (method === "PATCH") runtime.studio.people.remove(ada.id);
    }
    expect(await status(runtime, owner)).toBe(200);
    for (const method of ["PATCH", "DELETE"]) {
      const body = method === "PATCH" ? { body: { role: "viewer" } } : {};
      expect((await send(runtime.url, method, "/api/users/local", { headers: owner, ...body })).json).toMatchObject({
        code: "built-in",
      });
    }
  });

  // Elsewhere tokens were kept as they are, and codes of six digits could be tried: CVE-2026-47702, CVE-2026-62862,
  // CVE-2025-58434, CVE-2026-41276, CVE-2026-46440, CVE-2020-28208.
  it("[P15] [credential handling] tries are throttled by account and by address, and a link comes in all the same", async () => {
    const runtime = await start();
    runtime.studio.people.add({
      id: "ada",
      name: "Ada",
      role: "owner",
      password: await hashPassword(password),
      created: 0,
    });
    const wrong = () => enter(runtime, { name: "Ada", password: "wrong wrong wrong" });
    // Many at once are counted before the first is answered.
    const tries = await Promise.all(Array.from({ length: 12 }, wrong));
    expect(tries.map((answer) => answer.status).sort()).toEqual([...new Array(10).fill(401), 429, 429]);
    const locked = await enter(runtime, { name: "ADA", password });
    expect(locked.json).toMatchObject({ code: "too-many-requests", retryAfter: 900 });
    expect(locked.headers["retry-after"]).toBe("900");
    // Names by the dozen from one address.
    const others = await Promise.all(Array.from({ length: 20 }, (_, i) => enter(runtime, { name: `n${i}`, password })));
    expect(others.filter((answer) => answer.status === 429).length).toBe(3);
    now += 15 * 60_000;
    expect((await enter(runtime, { name: "Ada", password })).status).toBe(201);
    expect((await enter(runtime, { secret: runtime.studio.sessions.makeLink("ada") })).status).toBe(201);
  }, 120_000);
});

it("[P15] [credential handling] who has an account cannot be told by signing in: not by what is said, nor by what is done", async () => {
  const runtime = await start();
  const password = "correct horse battery";
  const known = { role: "viewer", created: 0 } as const;
  runtime.studio.people.add({ id: "ada", name: "Ada", password: await hashPassword(password), ...known });
  runtime.studio.people.add({ id: "bob", name: "Bob", password: null, ...known });
  const computed = vi.mocked(verify);
  const answers: unknown[] = [];
  for (const name of ["Ada", "Bob", "Owner", "Nobody"]) {
    computed.mockClear();
    const { status, json, headers } = await enter(runtime, { name, password: "wrong wrong wrong" });
    // The time that it takes is that of one hash, of the same cost: nothing is measured here.
    const costs = computed.mock.calls.map(([hash]) => /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/.exec(String(hash))?.[0]);
    answers.push({ status, json: { ...(json as object), requestId: "" }, headers: Object.keys(headers), costs });
  }
  expect(answers).toEqual(Array.from({ length: 4 }, () => answers[0]));
  expect(answers[0]).toMatchObject({ status: 401, costs: ["$argon2id$v=19$m=19456,t=2,p=1$"] });
});

it("a password that is changed while it is checked signs nobody in", async () => {
  const store = new StudioStore(":memory:", Date.now);
  cleanup.push(() => store.close());
  const [password, other] = await Promise.all(["the old password", "the new password"].map(hashPassword));
  store.people.add({ id: "ada", name: "Ada", role: "owner", password: password!, created: 0 });
  const handler = sessionRoutes(store, new StudioEvents(), Date.now)["POST /api/session"];
  const signIn = handler({
    ...{ who: { kind: "nobody" }, path: {}, query: {}, match: [], onlyNew: false, author: { name: "" }, address: "a" },
    site: { origin: "http://localhost", secure: false, cookieName: "c" },
    body: { name: "Ada", password: "the old password" },
  });
  store.people.change("ada", { password: other! });
  await expect(signIn).rejects.toMatchObject({ code: "wrong-login" });
});

describe("API tokens", () => {
  it("[P15] [credential handling] are shown once, kept as a hash, listed with their last use, and end when revoked, expired or their maker is no owner", async () => {
    const runtime = await start();
    const { people } = runtime.studio;
    people.add({ id: "ada", name: "Ada", role: "owner", password: null, created: 0 });
    const ada = await signIn(runtime, "ada");
    const make = async (name: string) =>
      (
        await send(runtime.url, "POST", "/api/tokens", {
          headers: ada,
          body: { name, scopes: ["flows:read"], days: 2 },
        })
      ).json as MadeToken;
    const list = async () =>
      ((await send(runtime.url, "GET", "/api/tokens", { headers: await signIn(runtime) })).json as Tokens).tokens;
    const one = await make("CI");
    expect(one.secret).toMatch(/^parley_[\w-]{43}$/);
    const bearer = { authorization: `Bearer ${one.secret}` };
    expect((await list())[0]).toEqual({ ...without(one), by: "Ada" });
    expect(JSON.stringify(await list())).not.toContain(one.secret);
    now += 60_000;
    expect(await status(runtime, bearer)).toBe(200);
    expect((await list())[0]).toMatchObject({ name: "CI", lastUsed: new Date(now).toISOString() });
    expect((await send(runtime.url, "GET", "/api/session", { headers: bearer })).json).toEqual({
      me: { kind: "token", id: one.id, name: "CI", rights: ["flows:read"] },
    });
    const two = await make("two");
    expect(
      (await send(runtime.url, "DELETE", `/api/tokens/${one.id}`, { headers: await signIn(runtime, "ada") })).status,
    ).toBe(204);
    const second = { authorization: `Bearer ${two.secret}` };
    expect([await status(runtime, bearer), await status(runtime, second)]).toEqual([401, 200]);
    people.change("ada", { role: "editor" });
    expect(await status(runtime, second)).toBe(401);
    people.change("ada", { role: "owner" });
    expect(await status(runtime, second)).toBe(200);
    now += 48 * HOUR;
    expect(await status(runtime, second)).toBe(401);
  });
});

function without({ secret: _, ...rest }: MadeToken) {
  return rest;
}
