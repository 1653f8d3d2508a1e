import { join } from "node:path";
import { type Role, TOKEN_SCOPES } from "@parley/shared/api/access";
import { API, type Operation, type Route } from "@parley/shared/api/contract";
import Database from "better-sqlite3";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../runtime.js";
import { ALL, type Cell, METHODS, PAGES, SPELLINGS, TABLE } from "../testing/access-table.js";
import { first, sidOf } from "../testing/records.js";
import { routesOf } from "../testing/routes.js";
import { scratch, serve } from "../testing/server.js";
import { type Answered, everyRole, type Identity, page, send, signIn, token } from "../testing/studio.js";
import { enter, type Guest } from "../testing/survey.js";

let runtime: Runtime;
let folder: ReturnType<typeof scratch>;
let db: Database.Database;
let roles: Record<Role, Identity>;
let visitor: Guest;
let cells = 0;

beforeAll(async () => {
  folder = scratch();
  const data = join(folder.path, "data");
  runtime = await serve(undefined, { env: { DATA_DIR: data, LIMITS: "off" } });
  db = new Database(join(data, "studio.db"), { readonly: true });
  roles = await everyRole(runtime);
  visitor = await enter(runtime, "bot-assistant");
});
afterAll(async () => {
  db.close();
  await runtime.drain();
  folder.dispose();
});

/** Everything that a refused request must leave as it was: the log's ends, every ETag, who may enter. */
async function fingerprint(): Promise<string> {
  const heads = await Promise.all(Array.from({ length: runtime.log.partitions }, (_, n) => runtime.log.head(n)));
  const rows = [
    "SELECT key, id, archived, base FROM flow",
    "SELECT flow, n, etag FROM state",
    "SELECT flow, name, etag FROM test",
    "SELECT flow, n FROM held",
    "SELECT name, unused FROM picture",
    "SELECT id, name, role, password FROM person",
    "SELECT hash FROM login_link",
    "SELECT hash FROM session",
    "SELECT id, scopes, flows, expires FROM token",
    "SELECT sid, by, done FROM erasure",
    "SELECT id, hash, flow, json, person, expires FROM draft_link",
    "SELECT link, n, text FROM link_comment",
    "SELECT id, flow FROM sent_conversation",
    "SELECT * FROM webhook",
    "SELECT id, text FROM note",
    "SELECT id, text FROM saved_reply",
    "SELECT * FROM profile",
    "SELECT * FROM person_limit",
    "SELECT webhook, event FROM delivery",
    "SELECT id, name, zone, hours FROM queue",
    "SELECT person FROM available",
  ].map((query) => db.prepare(query).all());
  return JSON.stringify([heads, await runtime.log.control.head(), rows]);
}

const person = (role: Role): string => {
  const { studio } = runtime;
  return studio.people.add({ id: `p${cells}`, name: `P ${cells}`, role, password: null, created: 0 })!.id;
};

/** A flow of its own for one request, with a test, a person and a token to name; and the address filled in. */
async function cell(route: string): Promise<Cell & { path: string }> {
  cells += 1;
  const id = `cell-${cells}`;
  const owner = roles.owner;
  const made = await send(runtime.url, "POST", "/api/flows", { headers: owner, body: { id, from: { kind: "blank" } } });
  expect(made.status, made.text).toBe(201);
  const path = `/api/flows/${id}/tests/one`;
  const test = await send(runtime.url, "PUT", path, { headers: { ...owner, "if-none-match": "*" }, body: {} });
  // A version is of a published flow.
  const flow = route.includes("{version}") ? "bot-assistant" : id;
  const names: Record<string, string> = {
    flow,
    test: "one",
    state: "1",
    version: "1",
    conversation: "",
    user: "",
    token: "",
    preview: "0".repeat(16),
    link: "",
    sent: "",
    webhook: "",
    note: "none",
    reply: `r${cells}`,
    template: "booking",
    queue: `queue-${cells}`,
  };
  if (route.includes("{conversation}")) {
    names.conversation = sidOf(cells);
    await runtime.log.append([first(sidOf(cells), { flow: id })]);
  }
  if (route.includes("{user}")) names.user = person("viewer");
  const { key } = runtime.studio.flows.get(id)!;
  const shared = runtime.studio.links.add({ flow: key, frozen: undefined, drawing: true, person: "local", lasts: 1e6 });
  if (route.includes("{link}")) names.link = shared.link.id;
  if (route.includes("{sent}")) {
    runtime.studio.links.addSent(shared.link, { author: "Ann", inputs: "[]", answers: 0, at: cells });
    names.sent = runtime.studio.links.sent(key)[0]!.id;
  }
  if (route.includes("{reply}")) {
    runtime.studio.replies.put({ id: names.reply!, title: "t", text: "x", by: "person:Ada", at: 0 }, null);
  }
  if (route.includes("webhook")) {
    const { webhooks } = runtime.studio;
    for (const old of webhooks.all()) webhooks.remove(old.id);
  }
  if (route.includes("{webhook}")) {
    names.webhook = `w${cells}`;
    // Nothing is there: what is sent comes to its end at once.
    const about = { url: "https://127.0.0.1/", secret: "whsec_eA==", texts: false, by: "Owner", created: 0 };
    runtime.studio.webhooks.add({ id: names.webhook, ...about });
  }
  if (route.includes("{queue}")) runtime.studio.queues.put(names.queue!, { name: id, zone: "UTC", members: [] });
  if (route.includes("{token}")) names.token = token(runtime, ["flows:read"]).id;
  return {
    flow,
    path: route.split(" ")[1]!.replace(/\{(\w+)\}/g, (_, name: string) => names[name]!),
    draft: (made.json as { draft: { etag: string } }).draft.etag,
    test: (test.json as { etag: string }).etag,
    link: runtime.studio.sessions.makeLink("local"),
    shared: shared.secret,
  };
}

function ask(route: string, { path, ...place }: Cell & { path: string }, who: Identity): Promise<Answered> {
  const { who: may, body, headers } = TABLE[route]!;
  const origin = may === "open" && !route.startsWith("GET") ? { origin: new URL(runtime.url).origin } : {};
  return send(runtime.url, route.split(" ")[0]!, path, {
    headers: { ...origin, ...headers?.(place), ...who },
    ...(body && { body: body(place) }),
  });
}

/** @returns the code of the refusal; nothing may have changed */
async function refused(answer: Promise<Answered>, before: string, what: string): Promise<string> {
  const { status, json, headers, text } = await answer;
  expect(status, `${what}: ${text}`).toBeGreaterThanOrEqual(400);
  expect(status, `${what}: ${text}`).toBeLessThan(500);
  expect(await fingerprint(), what).toBe(before);
  expect(headers["content-type"], what).toMatch(/^application\/problem\+json/);
  return (json as { code: string } | undefined)?.code ?? String(status);
}

/** The answer has the status of the table, and the shape and ETag of the contract. */
function asTheContractSays(route: string, { status, json, headers, text }: Answered, wanted: number): void {
  expect(status, text).toBe(wanted);
  if (status >= 400) return;
  const operation: Operation = API[route as Route];
  expect(operation.status).toBe(status);
  if (operation.answer) expect([...Value.Errors(operation.answer, json)], text).toEqual([]);
  expect(typeof headers.etag).toBe(operation.etag ? "string" : "undefined");
}

describe("every route is in the table and in the document", () => {
  it("[P15] the running router has these routes and no others", () => {
    const { routes, others } = routesOf(runtime.apps[0]!);
    expect(routes.sort()).toEqual([...Object.keys(TABLE), ...PAGES].sort());
    // What is no route: a new one that answers has to be looked at here.
    expect(others).toEqual([
      "helmetMiddleware",
      "<anonymous>", // the policy of an answer
      "watch",
      "<anonymous>", // the host
      "<anonymous>", // /api: no-store
      "<anonymous>", // /api: everything else is closed
      "<anonymous>", // /studio/assets: their policy
      "staticFiles", // /studio/assets
      "notThere", // /studio/assets
      "<anonymous>", // /widget: every site may read it
      "staticFiles", // /widget
      "staticFiles", // /widget: parts of earlier versions
      "serveStatic", // /demo
      "<anonymous>", // not found
      "<anonymous>", // errors
    ]);
  });

  it("the document served names the same routes", async () => {
    const { json } = await send(runtime.url, "GET", "/api/openapi.json");
    const { paths } = json as { paths: Record<string, Record<string, unknown>> };
    const named = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(named.sort()).toEqual(Object.keys(TABLE).sort());
  });
});

describe.each(Object.entries(TABLE))("%s", (route, rule) => {
  const method = route.split(" ")[0]!;

  // Elsewhere who might only read could run: GHSA-h3jj-5f3v-3685.
  it("[P15] [scope mismatch] lets in whom the table says, and nobody else", async () => {
    const identities: [string, Identity, boolean, string][] = [
      ["nobody", {}, rule.who === "open", "not-signed-in"],
      [
        "a cookie of nobody",
        { cookie: `parley-${new URL(runtime.url).port}=AAAA` },
        rule.who === "open",
        "not-signed-in",
      ],
      [
        "a visitor's token as the cookie",
        { cookie: `parley-${new URL(runtime.url).port}=${visitor.welcome.token}` },
        rule.who === "open",
        "not-signed-in",
      ],
      ...ALL.map((role): [string, Identity, boolean, string] => {
        const may = rule.who === "open" || rule.who === "persons" || rule.who.includes(role);
        return [role, roles[role], may, "forbidden"];
      }),
    ];
    for (const [name, who, may, code] of identities) {
      const place = await cell(route);
      // This one signs out whoever asks.
      const identity = route === "DELETE /api/session" && may ? await signIn(runtime, person("viewer")) : who;
      if (may) asTheContractSays(route, await ask(route, place, identity), rule.status);
      else expect(await refused(ask(route, place, identity), await fingerprint(), name), name).toBe(code);
    }
  });

  it("[P15] [scope mismatch] lets tokens of its scope in, and no other token", async () => {
    for (const scope of TOKEN_SCOPES) {
      const place = await cell(route);
      const { identity } = token(runtime, [scope]);
      const may = rule.who === "open" || rule.scope === scope;
      if (may) expect((await ask(route, place, identity)).status, scope).toBe(rule.status);
      else expect(await refused(ask(route, place, identity), await fingerprint(), scope)).toBe("forbidden");
    }
    const place = await cell(route);
    const expired = token(runtime, TOKEN_SCOPES, undefined, Date.now() - 1).identity;
    const revoked = token(runtime, TOKEN_SCOPES);
    runtime.studio.tokens.revoke(revoked.id);
    // What a visitor has opens a conversation, and nothing on this side.
    const visitors = { authorization: `Bearer ${visitor.welcome.token}` };
    for (const bad of [
      expired,
      revoked.identity,
      visitors,
      { authorization: "Bearer x" },
      { authorization: "Basic eDp5" },
    ]) {
      // Not even where nobody is let in, and whoever is signed in beside it.
      for (const who of [bad, { ...roles.owner, ...bad }]) {
        expect(await refused(ask(route, place, who), await fingerprint(), "bad token")).toBe("not-signed-in");
      }
    }
  });

  if (route.includes("{flow}"))
    // Elsewhere an id was taken from whoever sent it: CVE-2026-48765.
    it("[P15] [object binding] a token for another flow is for no other", async () => {
      const place = await cell(route);
      const other = token(runtime, TOKEN_SCOPES, ["other-flow"]).identity;
      expect(await refused(ask(route, place, other), await fingerprint(), "other")).toBe("forbidden");
      // A flow that is not there is refused alike: nothing is learned.
      const missing = { ...place, path: place.path.replace(place.flow, "missing") };
      expect(await refused(ask(route, missing, other), await fingerprint(), "missing")).toBe("forbidden");
      const own = token(runtime, TOKEN_SCOPES, [place.flow]).identity;
      // A token for some flows makes none.
      if (rule.status !== 201) expect((await ask(route, place, own)).status).toBe(rule.status);
      else expect(await refused(ask(route, place, own), await fingerprint(), "own")).toBe("forbidden");
    });

  if (route.includes("{flow}") && rule.who !== "open" && rule.who !== "persons" && rule.who.includes("operator"))
    it("[P15] [object binding] an operator of another flow finds none: it is as where there is no such flow", async () => {
      const place = await cell(route);
      const { studio } = runtime;
      const id = person("operator");
      const limited = async (...flows: string[]) => {
        studio.people.change(id, { flows: flows.map((flow) => studio.flows.get(flow)!.key) });
        // Signed in so often one would be locked out.
        return page(runtime, `parley-${new URL(runtime.url).port}=${studio.sessions.begin(id)}`);
      };
      const other = await cell("GET /api/flows/{flow}");
      const missing = { ...place, path: place.path.replace(place.flow, "missing") };
      for (const flows of [[other.flow], []]) {
        const who = await limited(...flows);
        const before = await fingerprint();
        const hidden = await ask(route, place, who);
        const gone = await ask(route, missing, who);
        const alike = (answer: Answered) => answer.text.replace(/"requestId":"[\w-]+"/, "");
        expect([hidden.status, alike(hidden)]).toEqual([404, alike(gone)]);
        expect(await fingerprint()).toBe(before);
      }
      const own = await limited(place.flow);
      expect((await ask(route, place, own)).status).toBe(rule.status);
    });

  if (route.includes("{flow}") && /\{(conversation|link|sent)\}/.test(route))
    it("[P15] [object binding] an id of another flow is not found under this one, whoever asks", async () => {
      const [place, other] = [await cell(route), await cell(route)];
      const path = place.path.replace(place.flow, other.flow);
      for (const role of ALL) {
        const may = rule.who === "open" || rule.who === "persons" || rule.who.includes(role);
        const before = await fingerprint();
        const code = await refused(ask(route, { ...place, path }, roles[role]), before, path);
        expect(code, `${role} ${path}`).toBe(may ? "not-found" : "forbidden");
      }
    });

  if (/\{(test|state|version|conversation|user|token)\}/.test(route))
    it("an id of another flow, or of nothing, is not found", async () => {
      const place = await cell(route);
      const strange = place.path.replace(
        /[^/]*$/,
        route.endsWith("{state}") ? "77" : route.endsWith("{version}") ? "u7" : "nothing",
      );
      expect(await refused(ask(route, { ...place, path: strange }, roles.owner), await fingerprint(), strange)).toBe(
        "not-found",
      );
      for (const bad of ["..", "-1", "0", "%2e%2e", "a%2fb", "__proto__", "x".repeat(300)]) {
        const path = place.path.replace(/[^/]*$/, bad);
        expect(await refused(ask(route, { ...place, path }, roles.owner), await fingerprint(), path)).toBe("not-found");
      }
    });

  if (method !== "GET")
    it("[P15] a write by cookie needs the server's own origin, port included", async () => {
      const place = await cell(route);
      const own = new URL(runtime.url);
      const signedIn = route === "POST /api/session" ? {} : roles.owner;
      const before = await fingerprint();
      for (const origin of [
        undefined,
        "null",
        "https://evil.example",
        `http://localhost:${Number(own.port) + 1}`,
        `https://localhost:${own.port}`,
        `http://127.0.0.1:${own.port}`,
        `${own.origin}.evil.example`,
        `${own.origin}/`,
        `http://localhost`,
      ]) {
        const { body, headers } = rule;
        const answer = send(runtime.url, method, place.path, {
          headers: { ...headers?.(place), ...signedIn, origin },
          ...(body && { body: body(place) }),
        });
        expect(await refused(answer, before, String(origin))).toBe("foreign-origin");
      }
    });

  if (method !== "GET")
    it("[P15] a body that a page can send without asking first is refused", async () => {
      const place = await cell(route);
      const before = await fingerprint();
      const signedIn = route === "POST /api/session" ? { origin: new URL(runtime.url).origin } : roles.owner;
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/plain; application/json",
        undefined,
      ]) {
        const headers = { ...rule.headers?.(place), ...signedIn, "content-type": type };
        const answer = send(runtime.url, method, place.path, {
          headers,
          raw: JSON.stringify(rule.body?.(place) ?? {}),
        });
        expect(await refused(answer, before, String(type))).toBe("not-json");
      }
    });
});

describe("other methods and other spellings", () => {
  const paths = [...new Set(Object.keys(TABLE).map((route) => route.split(" ")[1]!))];

  // Others kept strangers out by the beginning of an address, and let them in by another spelling: CVE-2024-31621, CVE-2026-110852.
  it.each(paths)("[P15] [alternate path] %s knows its own methods and no others", async (path) => {
    const known = METHODS.filter((method) => `${method} ${path}` in TABLE);
    const place = await cell(`GET ${path}`);
    const small = token(runtime, ["flows:write"]).identity;
    const before = await fingerprint();
    for (const method of METHODS.filter((one) => !known.includes(one) && !(one === "HEAD" && known.includes("GET")))) {
      const as = (who: Identity) => send(runtime.url, method, place.path, { headers: who });
      if (method === "HEAD") {
        expect((await as({})).status).toBe(401);
        continue;
      }
      expect(await refused(as({}), before, method), method).toBe("not-signed-in");
      expect(await refused(as(small), before, method)).toBe("forbidden");
      const answer = await as(roles.owner);
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe(known.join(", "));
    }
    if (known.includes("GET") && path !== "/api/openapi.json" && path !== "/api/session") {
      const head = await send(runtime.url, "HEAD", place.path);
      expect([head.status, head.text]).toEqual([401, ""]);
    }
  });

  it.each(Object.keys(TABLE))("[P15] [alternate path] %s has one spelling", async (route) => {
    const place = await cell(route);
    const before = await fingerprint();
    for (const spell of SPELLINGS) {
      const path = spell(place.path);
      if (path === place.path) continue;
      for (const [name, who] of [
        ["nobody", {}],
        ["viewer", roles.viewer],
        ["owner", roles.owner],
      ] as const) {
        await refused(ask(route, { ...place, path }, who), before, `${name} ${path}`);
      }
    }
  });
});
