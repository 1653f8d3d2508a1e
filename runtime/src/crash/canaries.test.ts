import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { API } from "@parley/shared/api/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BareClient, choose, type, V1Client } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { launch, type ServerProcess, startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";
import { type Answered, cookieOf, type Identity, send } from "../testing/studio.js";
import { claims, token } from "../testing/tokens.js";

const BIN = fileURLToPath(new URL("../../bin/parley.js", import.meta.url));
const DIST = ["studio", "widget"].map((part) => fileURLToPath(new URL(`../../../${part}/dist`, import.meta.url)));
const FLOW = "bot-assistant";
const canary = (what: string): string => `canary-${what}-${randomBytes(12).toString("hex")}`;
const folder = scratch();
const data = join(folder.path, "data");

/** What nobody but its owner is shown, by what it is. */
const secrets = new Map<string, string>();
const metricsToken = canary("metrics");
const erased = canary("erased");
let server: ServerProcess;
let owner: Identity;
let names: Record<string, string>;

const post = (path: string, body: unknown, headers: Identity = owner): Promise<Answered> =>
  send(server.url, "POST", path, { headers, body });
const made = async <T>(path: string, body: unknown): Promise<T> => {
  const answer = await post(path, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.json as T;
};
/** Answers the question, and says this. */
async function say(visitor: V1Client, words: string): Promise<void> {
  await visitor.send(choose("lang", "other"));
  await visitor.seq(4);
  await visitor.send(type("langPreference", words));
  await visitor.seq(5);
}
async function parley(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...args, "--data-dir", data]);
  return stdout;
}

beforeAll(async () => {
  server = await startServer({
    dataDir: data,
    args: ["--log-level", "trace", "--drain", "2"],
    env: { METRICS_TOKEN: metricsToken },
  });
  const { origin } = new URL(server.url);
  const link = /#([\w-]{43})/.exec(server.output())![1]!;
  const password = canary("password");
  owner = { origin };
  const session = await post("/api/session", { secret: link });
  owner = { origin, cookie: cookieOf(session) };
  const person = await made<{ id: string }>("/api/users", { name: "Ada", role: "editor", password });
  const signedIn = await post("/api/session", { name: "Ada", password }, { origin });
  const wrong = canary("wrong-password");
  expect((await post("/api/session", { name: "Ada", password: wrong }, { origin })).status).toBe(401);
  const api = await made<{ id: string; secret: string }>("/api/tokens", {
    name: "CI",
    scopes: ["flows:read"],
    days: 1,
  });
  await send(server.url, "GET", "/api/flows", { headers: { authorization: `Bearer ${api.secret}` } });
  const hook = await made<{ id: string; secret: string }>("/api/webhooks", { url: "https://hooks.example/" });
  const draft = await made<{ id: string; url: string }>(`/api/flows/${FLOW}/links`, { follows: true, drawing: true });
  const right = draft.url.split("#")[1]!;
  const { ticket } = (await post("/api/shared/previews", { link: right }, { origin })).json as { ticket: string };
  await post("/api/shared", { link: `${right}x` }, { origin });

  const printed = await parley("keys", "add", FLOW, "--issuer", "https://shop.example");
  const key = /shown this once: (\S+)/.exec(printed)![1]!;
  const signer = { alg: "HS256", sign: Buffer.from(key, "base64url"), stored: "" } as const;
  const jwt = token(signer, claims("ada", FLOW, Date.now()));
  const chat = `${server.wsUrl}chat/${FLOW}`;
  const visitor = await V1Client.connect(chat, { jwt });
  await visitor.seq(2);
  const spoken = canary("visitor");
  await say(visitor, spoken);
  visitor.frame({ kind: "Nonsense", id: "n", text: spoken });
  const gone = await V1Client.connect(chat);
  await gone.seq(2);
  await say(gone, erased);
  const bare = await BareClient.connect(chat);
  await bare.words(1);
  const { sid } = gone.welcome;
  await eventually(async () => expect((await get(`/api/conversations?text=${erased}`)).text).toContain(sid));
  await made(`/api/flows/${FLOW}/conversations/${visitor.welcome.sid}/notes`, { text: "a note" });
  const gets = await get(`/api/conversations?text=${spoken}`);
  expect(gets.text).toContain(visitor.welcome.sid);
  await send(server.url, "DELETE", `/api/flows/${FLOW}/conversations/${sid}`, { headers: owner });

  for (const [what, secret] of Object.entries({
    "the password": password,
    "a wrong password": wrong,
    "the session's cookie": owner.cookie!.split("=")[1]!,
    "another session's cookie": cookieOf(signedIn).split("=")[1]!,
    "the API token": api.secret,
    "the webhook's secret": hook.secret,
    "the draft link's right": right,
    "the preview's ticket": ticket,
    "the identity's signing key": key,
    "the signed identity": jwt,
    "a visitor's token": visitor.welcome.token.split(".")[1]!,
    "a visitor's cookie": bare.cookie!,
    "the metrics' token": metricsToken,
    "what was erased": erased,
  })) {
    expect(secret?.length, what).toBeGreaterThan(20);
    secrets.set(what, secret);
  }
  secrets.set("what a visitor said", spoken);
  secrets.set("the login link", link);
  names = {
    flow: FLOW,
    version: "1",
    state: "1",
    test: "none",
    conversation: visitor.welcome.sid,
    sent: "none",
    webhook: hook.id,
    link: draft.id,
    user: person.id,
    token: api.id,
    queue: "none",
    note: "none",
    reply: "none",
    template: "booking",
    preview: "0".repeat(16),
  };
}, 90_000);
afterAll(async () => {
  await server?.stop("SIGKILL");
  folder.dispose();
});

const get = (path: string, headers: Identity = owner) => send(server.url, "GET", path, { headers });
/** Which secrets stand in a text, but for these. */
const shown = (text: string, ...but: string[]): string[] =>
  [...secrets].filter(([what, secret]) => !but.includes(what) && text.includes(secret)).map(([what]) => what);

it("[P15] [credential handling] no secret stands in any answer: not the interface's, an export, the metrics or a refusal", async () => {
  const paths = Object.keys(API)
    .filter((route) => route.startsWith("GET "))
    .map((route) => route.slice(4).replace(/\{(\w+)\}/g, (_, name: string) => names[name]!));
  paths.push(
    ...["json", "csv", "text"].map((format) => `/api/flows/${FLOW}/export/conversations?format=${format}&notes=yes`),
    ...[
      "/studio",
      "/shared",
      "/preview",
      `/c/${FLOW}`,
      `/widget/v1/${FLOW}.json`,
      "/demo/flows.json",
      "/readyz",
      "/nothing",
    ],
  );
  let answered = 0;
  for (const path of paths) {
    const { status, text, headers } = await get(path);
    if (status === 200) answered += 1;
    expect([path, shown(text + JSON.stringify(headers), "what a visitor said")]).toEqual([path, []]);
  }
  expect(answered).toBeGreaterThan(30);
  const metrics = await get("/metrics", { authorization: `Bearer ${metricsToken}` });
  expect([metrics.status, shown(metrics.text)]).toEqual([200, []]);
  // What is refused is not said again.
  for (const [what, secret] of secrets) {
    const all = [
      await get(`/${secret}`),
      await get(`/api/flows/${secret}`),
      await get("/api/flows", { authorization: `Bearer ${secret}` }),
      await get(`/api/conversations?flow=${secret}`),
      await post("/api/session", { name: secret, password: secret, more: secret }),
      await post("/api/shared", { link: secret }),
    ];
    for (const { text } of all) expect([what, shown(text)]).toEqual([what, []]);
  }
});

it("[P15] [credential handling] nor in what the server says, however much it is told to", async () => {
  await server.stop("SIGTERM");
  const said = server.output();
  // It says much, and it is asked.
  expect(said).toContain('"level":');
  expect(shown(said, "the login link")).toEqual([]);
});

it("[P15] [credential handling] what is kept is kept as a hash, in files of one user alone", async () => {
  await parley("backup", join(folder.path, "copy"));
  const kept = [data, join(folder.path, "copy")].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name)),
  );
  const found = new Set<string>();
  for (const file of kept) {
    const { mode } = statSync(file);
    // The widget's parts are everybody's, in a folder that is not.
    if (!file.includes("/widget/")) expect([file, mode & 0o77]).toEqual([file, 0]);
    if (!statSync(file).isFile()) continue;
    for (const what of shown(readFileSync(file, "latin1"), "what a visitor said", "what was erased")) {
      found.add(`${what}: ${file.split("/").at(-1)}`);
    }
  }
  // What signs has to be there as it is.
  expect([...found].sort()).toEqual([
    "the identity's signing key: identity-keys.json",
    "the webhook's secret: studio.db",
  ]);
});

it("[P15] [credential handling] nor in what browsers are given", () => {
  for (const root of DIST) {
    expect(existsSync(root), root).toBe(true);
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|html|json|map)$/.test(name)) continue;
      const text = readFileSync(join(root, name), "utf8");
      // A key, a password or a variable of this machine that a build took along.
      expect([
        name,
        /whsec_[\w+/]{20}|parley_[\w-]{43}|BEGIN [A-Z ]*PRIVATE KEY|METRICS_TOKEN|CLUSTER_TOKEN/.test(text),
      ]).toEqual([name, false]);
    }
  }
});

it("[P15] [credential handling] the engine's password is in no word of a server that cannot reach it", async () => {
  const password = canary("engine");
  const away = launch({
    dataDir: join(folder.path, "away"),
    args: ["--role", "workflow", "--log-level", "trace", "--log", `nats://user:${password}@127.0.0.1:1/none`],
    flow: false,
  });
  await Promise.race([away.says("127.0.0.1:1"), away.ended]);
  await away.stop("SIGKILL");
  expect(away.output()).toContain("127.0.0.1:1");
  expect(away.output()).not.toContain(password);
});
