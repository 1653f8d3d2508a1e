import { join } from "node:path";
import type { FlowSummary } from "@parley/shared/api/flows";
import type { PictureList, StoredPicture } from "@parley/shared/api/pictures";
import type { Published } from "@parley/shared/api/versions";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { sha256 } from "../registry/registry.js";
import type { Runtime } from "../runtime.js";
import { gif, png, SAMPLES } from "../testing/sample-pictures.js";
import { FLOWS, serve } from "../testing/server.js";
import { everyRole, type Identity, type Send, send, signIn, token } from "../testing/studio.js";

let runtime: Runtime;
let owner: Identity;
let now: number;
const open: Runtime[] = [];
async function start(env: Record<string, string> = {}): Promise<void> {
  now = Date.parse("2026-03-01T12:00:00Z");
  const overrides = { now: () => now };
  runtime = await serve(createMemoryLog({ partitions: 1 }), { argv: [join(FLOWS, "faq.json")], env, overrides });
  open.push(runtime);
  owner = await signIn(runtime);
}
beforeEach(() => start());
afterEach(async () => {
  for (const one of open.splice(0)) await one.drain();
});

const call = async <T>(method: string, path: string, more: Send = {}, status = 200): Promise<T> => {
  const answer = await send(runtime.url, method, `/api${path}`, { ...more, headers: { ...owner, ...more.headers } });
  expect(answer.status, `${method} ${path}: ${answer.text.slice(0, 500)}`).toBe(status);
  return answer.json as T;
};
const upload = (bytes: Uint8Array, more: object = {}, who: Identity = owner, flow = "faq") =>
  send(runtime.url, "POST", `/api/flows/${flow}/pictures`, {
    headers: who,
    body: { data: Buffer.from(bytes).toString("base64"), ...more },
  });
const stored = () => runtime.studio.pictures.all().map(({ name }) => name);
const list = (flow = "faq") => call<PictureList>("GET", `/flows/${flow}/pictures`);
const nameOf = (bytes: Uint8Array, type = "png") => `${sha256(bytes)}.${type}`;
const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
const shows = (name: string) => say(`Look: <img src="/assets/${name}" alt="A cat">`);

describe("a picture is taken for what it is", () => {
  it.each(Object.entries(SAMPLES))(
    "%s is at the address of its digest, for every site and for ever",
    async (_name, [type, bytes]) => {
      const { status, json } = await upload(bytes);
      const name = nameOf(bytes, type);
      expect([status, json]).toEqual([200, { name, bytes: bytes.length, width: 8, height: 6 }]);
      const answer = await fetch(`${runtime.url}assets/${name}`, { headers: { origin: "https://shop.example" } });
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-type": `image/${type}`,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
        etag: `"${sha256(bytes)}"`,
      });
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
      const again = await send(runtime.url, "GET", `/assets/${name}`, {
        headers: { "if-none-match": `"${sha256(bytes)}"` },
      });
      expect([again.status, again.text]).toEqual([304, ""]);
    },
  );

  it("the same one again is the same", async () => {
    const [one, two] = [await upload(png()), await upload(png())];
    expect(one.json).toEqual(two.json);
    expect(stored()).toEqual([nameOf(png())]);
  });

  it("is at one spelling of its address, and at no other", async () => {
    const { name } = (await upload(png())).json as StoredPicture;
    for (const path of [
      `/assets/${name.toUpperCase()}`,
      `/assets/${name}/`,
      `/assets//${name}`,
      `/assets/%${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
      `/assets/x%2f..%2f${name}`,
      `/assets/${name.slice(0, 64)}.jpeg`,
      `/assets/${name.slice(0, 64)}`,
      `/assets/${"0".repeat(64)}.png`,
      "/assets/..%2fstudio.db",
      "/assets/",
      "/Assets/x",
    ]) {
      const answer = await send(runtime.url, "GET", path);
      expect([path, answer.status, answer.headers["content-type"]]).toEqual([
        path,
        404,
        "application/problem+json; charset=utf-8",
      ]);
    }
  });
});

const behind = (more: string) => Buffer.concat([png(), Buffer.from(more, "latin1")]);
describe("what is refused is told in one sentence, and nothing is stored", () => {
  it.each<[string, Uint8Array, string, RegExp, object?]>([
    ["a script", Buffer.from("alert(1)"), "no-picture", /^This is no picture that can be shown\. Use a PNG/],
    [
      "HTML under a picture's name",
      Buffer.from("<html>"),
      "no-picture",
      /no picture/,
      { name: nameOf(Buffer.from("<html>")) },
    ],
    ["HTML before a picture", Buffer.concat([Buffer.from("<html>"), png()]), "no-picture", /no picture/],
    ["an SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "no-picture", /^An SVG can hold scripts/],
    ["30,000 × 30,000 pixels", png(30_000, 30_000), "too-many-pixels", /has 30000 × 30000 pixels; at most 8000/],
    ["3 MB", png(8, 6, 3 * 1024 * 1024), "too-large", /^A picture may have 2 MB; this one has 3 MB\.$/],
    ["a picture with a page behind it", behind("<script>alert(1)</script>"), "more-than-a-picture", /goes on behind/],
    ["a picture with a zip behind it", behind("PK\x05\x06".padEnd(22, "\0")), "more-than-a-picture", /goes on behind/],
    [
      "a GIF with a script behind it",
      Buffer.concat([gif(), Buffer.from("*/=1;alert(1)")]),
      "more-than-a-picture",
      /behind/,
    ],
    ["half a picture", png().subarray(0, -10), "damaged-picture", /damaged or incomplete/],
    ["another picture than its name says", png(), "other-picture", /not the picture/, { name: nameOf(gif(), "gif") }],
    [
      "a picture under the name of another type",
      png(),
      "other-picture",
      /not the picture/,
      { name: nameOf(png(), "gif") },
    ],
    ["a name that is none", png(), "other-picture", /not the picture/, { name: "../../x.png" }],
  ])("%s", async (_name, bytes, code, sentence, more) => {
    const { json } = await upload(bytes, more);
    expect(json).toMatchObject({ code, title: expect.stringMatching(sentence) });
    expect(stored()).toEqual([]);
    expect((await list()).room.flow.bytes).toBe(0);
  });

  it.each(["not base64!", "abc", "ab==cd==", "data:image/png;base64,AAAA"])("no base64: %s", async (data) => {
    const { json } = await send(runtime.url, "POST", "/api/flows/faq/pictures", { headers: owner, body: { data } });
    expect(json).toMatchObject({ code: "invalid", errors: [{ pointer: "/data" }] });
  });

  it("no bytes at all", async () => {
    expect((await upload(Buffer.alloc(0))).json).toMatchObject({ code: "no-picture" });
  });

  it("for a flow that is archived, or is not there", async () => {
    await call("POST", "/flows/faq/archive");
    expect((await upload(png())).json).toMatchObject({ code: "archived" });
    expect((await upload(png(), {}, owner, "gone")).json).toMatchObject({ code: "not-found" });
    expect(stored()).toEqual([]);
  });

  it("sixty in a minute and no more, until a minute has gone", async () => {
    for (let n = 0; n < 60; n++) expect((await upload(Buffer.from("x"))).status).toBe(422);
    const { json, headers } = await upload(png());
    expect(json).toMatchObject({ code: "too-many-requests", retryAfter: 60 });
    expect(headers["retry-after"]).toBe("60");
    // Another person's are counted apart.
    const { editor } = await everyRole(runtime);
    expect((await upload(png(1, 1), {}, editor)).status).toBe(200);
    now += 60_000;
    expect((await upload(png())).status).toBe(200);
  });

  it("the largest that is taken", async () => {
    const most = 2 * 1024 * 1024;
    const around = png(8, 6, 1).length - 1;
    expect((await upload(png(8, 6, most - around))).json).toMatchObject({ bytes: most });
    expect((await upload(png(8, 6, most - around + 1))).json).toMatchObject({ code: "too-large" });
  });
});

describe("pictures have so much room", () => {
  it("in a flow: what its kept states name, and what was uploaded for it of late", async () => {
    const size = png().length;
    await start({ LIMIT_PICTURES_PER_FLOW: String(2 * size) });
    expect((await upload(png())).status).toBe(200);
    const { flow } = (await list()).room;
    expect(flow).toEqual({ bytes: size, limit: 2 * size });
    const larger = png(9, 60);
    const { json } = await upload(larger);
    expect(json).toMatchObject({ code: "no-room", title: expect.stringMatching(/^A flow may have .* no room/) });
    expect(stored()).toEqual([nameOf(png())]);
    // What is there already takes no more.
    expect((await upload(png())).status).toBe(200);
    // Another flow that names it has it, too.
    await call(
      "POST",
      "/flows",
      { body: { id: "two", from: { kind: "file", text: JSON.stringify(shows(nameOf(png()))) } } },
      201,
    );
    expect((await list("two")).room.flow.bytes).toBe(size);
  });

  it("on the server, which its owner sees", async () => {
    await start({ LIMIT_PICTURES: String(png().length) });
    await upload(png());
    const { id } = await call<FlowSummary>("POST", "/flows", { body: { from: { kind: "blank" } } }, 201);
    expect((await upload(gif(), {}, owner, id)).json).toMatchObject({
      code: "no-room",
      title: expect.stringMatching(/^This server/),
    });
    expect((await list(id)).room).toEqual({
      flow: { bytes: 0, limit: 50 * 1024 * 1024 },
      server: { bytes: png().length, limit: png().length },
    });
    const { editor } = await everyRole(runtime);
    const seen = await send(runtime.url, "GET", "/api/flows/faq/pictures", { headers: editor });
    expect((seen.json as PictureList).room).not.toHaveProperty("server");
  });
});

describe("a flow and its pictures", () => {
  it("the list has those that draft and live version name, and names those that are not here", async () => {
    const { name } = (await upload(png())).json as StoredPicture;
    await upload(gif());
    const gone = `${"ab".repeat(32)}.webp`;
    const flow = { ...shows(name), b: say(`<img src='/assets/${gone}'> /assets/nothing.png`).a };
    const text = JSON.stringify(flow).replaceAll("/", "\\/");
    const settings = { appearance: { avatar: `/assets/${name}` } };
    const { id } = await call<FlowSummary>("POST", "/flows", { body: { from: { kind: "file", text, settings } } }, 201);
    expect(await list(id)).toMatchObject({
      pictures: [{ name, bytes: png().length, width: 8, height: 6 }],
      missing: [gone],
    });
  });

  it("publishing tells which picture is missing, and where", async () => {
    const name = nameOf(png());
    const from = {
      kind: "file",
      text: JSON.stringify(shows(name)),
      settings: { appearance: { avatar: `/assets/${name}` } },
    };
    const { id } = await call<FlowSummary>("POST", "/flows", { body: { from } }, 201);
    const publish = (text: object, over: number) =>
      call<Published>("POST", `/flows/${id}/versions`, {
        body: { from: { kind: "file", text: JSON.stringify(text), settings: from.settings }, over, note: "" },
      });
    expect((await publish(shows(name), 0)).hints).toEqual([
      {
        code: "picture-missing",
        severity: "warning",
        state: "a",
        pointer: "/a",
        message: `State "a" names a picture that this server does not have: /assets/${name}.`,
        plain: "A picture is not on this server: add it again.",
      },
    ]);
    expect((await publish(say("two"), 1)).hints).toMatchObject([{ code: "picture-missing", pointer: "" }]);
    await upload(png());
    expect((await publish(shows(name), 2)).hints).toEqual([]);
  });

  it("a token for the flow may upload, one that only reads may not", async () => {
    const bound = token(runtime, ["flows:write"], ["faq"], now + 1e6).identity;
    expect((await upload(png(), {}, bound)).status).toBe(200);
    const reader = token(runtime, ["flows:read"], undefined, now + 1e6).identity;
    expect((await upload(gif(), {}, reader)).json).toMatchObject({ code: "forbidden" });
    const { viewer, operator } = await everyRole(runtime);
    for (const who of [viewer, operator])
      expect((await upload(gif(), {}, who)).json).toMatchObject({ code: "forbidden" });
    expect(stored()).toEqual([nameOf(png())]);
  });
});
