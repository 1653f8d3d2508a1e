import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { sha256 } from "../registry/registry.js";
import type { Runtime } from "../runtime.js";
import { gif, png } from "../testing/sample-pictures.js";
import { FLOWS, scratch, serve } from "../testing/server.js";
import { token } from "../testing/studio.js";
import { runExport } from "./export.js";
import { runPublish } from "./publish.js";
import type { ServerIo } from "./server.js";

let runtime: Runtime;
let secret: string;
beforeAll(async () => {
  runtime = await serve(createMemoryLog({ partitions: 1 }), { argv: [join(FLOWS, "faq.json")] });
  secret = token(runtime, ["flows:read", "flows:write"]).secret;
});
afterAll(() => runtime.drain());

let folder: ReturnType<typeof scratch>;
let said: string;
let warned: string;
let io: ServerIo;
beforeEach(() => {
  folder = scratch();
  [said, warned] = ["", ""];
  io = {
    stdout: (text) => {
      said += text;
    },
    stderr: (text) => {
      warned += text;
    },
    env: { PARLEY_SERVER: runtime.url, PARLEY_TOKEN: secret },
    cwd: folder.path,
    fetch,
  };
});
afterEach(() => folder.dispose());

const say = (content: string) => ({ a: { sendRequest: { kind: "BotText", content } } });
let made = 0;
/** Writes a flow file of its own. @returns the flow's id */
const write = (flow: unknown, id = `shop-${++made}`): string => {
  writeFileSync(join(folder.path, `${id}.json`), typeof flow === "string" ? flow : JSON.stringify(flow, null, 4));
  return id;
};
const failure = (run: Promise<void>) =>
  run.then(
    () => undefined,
    (error: { code: string; exitCode: number; message: string }) => error,
  );

describe("parley publish", () => {
  it("makes the flow with what stands beside the file, publishes, and says so in one line", async () => {
    const id = write(say("one"));
    writeFileSync(join(folder.path, `${id}.settings.json`), '{"title":"Shop","origins":["https://a.example"]}');
    writeFileSync(join(folder.path, `${id}.layout.json`), '{"positions":{"a":{"x":3,"y":4}}}');
    await runPublish([`${id}.json`], io);
    expect(said).toBe(`Published ${id} as version 1: First version\n`);
    expect(runtime.registry.live(id)).toMatchObject({
      version: 1,
      by: expect.stringMatching(/^token:token /),
      settings: { title: "Shop", origins: ["https://a.example"] },
    });
    write({ ...say("two"), a: { ...say("two").a, next: "b" }, b: say("more").a }, id);
    await runPublish([`${id}.json`], io);
    expect(said).toContain("as version 2: 1 message added, 1 message changed, 1 connection changed\n");
    write(say("three"), id);
    await runPublish([`${id}.json`, "--note", "Third time", "--server", runtime.url, "--token", secret], {
      ...io,
      env: {},
    });
    expect(runtime.registry.live(id)).toMatchObject({ version: 3, note: "Third time" });
  });

  it("what is live is not published again, and that is no failure", async () => {
    const id = write({ ...say("x"), lost: say("never").a });
    await runPublish([`${id}.json`], io);
    expect(warned).toMatch(/^shop-\d+\.json: warning: .* \[unreachable\]\n$/);
    [said, warned] = ["", ""];
    await runPublish([`${id}.json`], io);
    expect(said).toBe(`Version 1 of ${id} is live and says the same: nothing to publish.\n`);
    expect(warned).toMatch(/\[unreachable\]/);
    expect(runtime.registry.versions(id)).toHaveLength(1);
  });

  it("what is wrong is one sentence with a stable code", async () => {
    const good = write(say("x"));
    const bad = write({ a: { ...say("x").a, next: "gone" } });
    const reader = token(runtime, ["flows:read"]).secret;
    const bound = token(runtime, ["flows:read", "flows:write"], ["another"]).secret;
    const cases: [string[], Partial<ServerIo>, string, number][] = [
      [[], {}, "bad-call", 2],
      [["a.json", "b.json"], {}, "bad-call", 2],
      [[`${good}.json`, "--note", "n".repeat(501)], {}, "bad-call", 2],
      [[`${good}.json`], { env: {} }, "no-server", 2],
      [[`${good}.json`], { env: { PARLEY_SERVER: "bots.example", PARLEY_TOKEN: "x" } }, "no-server", 2],
      [[`${good}.json`], { env: { PARLEY_SERVER: runtime.url } }, "no-token", 2],
      [["none.json"], {}, "not-readable", 2],
      [[`${bad}.json`], {}, "flow-errors", 2],
      [[`${good}.json`], { env: { PARLEY_SERVER: runtime.url, PARLEY_TOKEN: "wrong" } }, "not-signed-in", 1],
      [[`${good}.json`], { env: { PARLEY_SERVER: runtime.url, PARLEY_TOKEN: reader } }, "forbidden", 1],
      [[`${good}.json`], { env: { PARLEY_SERVER: runtime.url, PARLEY_TOKEN: bound } }, "forbidden", 1],
      [[`${good}.json`], { env: { PARLEY_SERVER: "http://127.0.0.1:1", PARLEY_TOKEN: "x" } }, "unreachable", 1],
      [[`${good}.json`], { fetch: async () => new Response("<html>") }, "not-parley", 1],
      [[`${good}.json`], { fetch: async () => new Response("bad gateway", { status: 502 }) }, "not-parley", 1],
    ];
    for (const [args, other, code, exitCode] of cases) {
      const error = await failure(runPublish(args, { ...io, ...other }));
      expect(error, code).toMatchObject({ code, exitCode });
      expect(error!.message.split("\n")).toHaveLength(1);
    }
    expect(said).toBe("");
    expect(runtime.registry.live(good)).toBeUndefined();
  });

  it("sends the token to no other server", async () => {
    const id = write(say("x"));
    const redirect = async (url: unknown, init?: RequestInit) => {
      expect(init?.redirect).toBe("error");
      throw new TypeError(`redirected from ${url}`);
    };
    const error = await failure(runPublish([`${id}.json`], { ...io, fetch: redirect as typeof fetch }));
    expect(error).toMatchObject({ code: "unreachable" });
    expect(error!.message).not.toContain(secret);
  });
});

describe("pictures", () => {
  const shows = (name: string) => say(`<img src="/assets/${name}" alt="A cat">`);
  const [one, other] = [`${sha256(png(4, 4))}.png`, `${sha256(gif(4, 4))}.gif`];
  const put = (name: string, bytes: Uint8Array) => {
    mkdirSync(join(folder.path, "assets"), { recursive: true });
    writeFileSync(join(folder.path, "assets", name), bytes);
  };

  it("are sent from beside the file, and exported beside it: on another server all is as it was", async () => {
    const id = write(shows(one));
    writeFileSync(
      join(folder.path, `${id}.settings.json`),
      JSON.stringify({ appearance: { avatar: `/assets/${other}` } }),
    );
    put(one, png(4, 4));
    put(other, gif(4, 4));
    await runPublish([`${id}.json`], io);
    expect(warned).toBe("");
    await runExport([id, "--out", "out"], io);
    expect(said).toContain(`Wrote ${id}.json, ${id}.settings.json, assets/${one}, assets/${other} to out.\n`);
    expect(readFileSync(join(folder.path, "out/assets", one)).equals(png(4, 4))).toBe(true);
    const second = await serve(createMemoryLog({ partitions: 1 }), { argv: [join(FLOWS, "faq.json")] });
    const there = token(second, ["flows:read", "flows:write"]).secret;
    const env = { PARLEY_SERVER: second.url, PARLEY_TOKEN: there };
    await runPublish([`out/${id}.json`], { ...io, env });
    expect(second.studio.pictures.all().map(({ name }) => name)).toEqual([one, other].sort());
    await second.drain();
  });

  it("that are nowhere are named, and the flow is published all the same", async () => {
    const gone = `${"cd".repeat(32)}.webp`;
    const id = write(shows(gone));
    await runPublish([`${id}.json`], io);
    expect(warned).toBe(
      `${id}.json: warning: State "a" names a picture that this server does not have: /assets/${gone}. [picture-missing]\n`,
    );
    warned = "";
    await runExport([id, "--out", "out"], io);
    expect(warned).toBe(`warning: the server does not have the picture ${gone} [picture-missing]\n`);
    expect(existsSync(join(folder.path, "out/assets"))).toBe(false);
  });

  it("that the server refuses are named by their file, and nothing is published", async () => {
    const forged = `${sha256("x")}.png`;
    const id = write(shows(forged));
    put(forged, Buffer.from("<script>"));
    expect(await failure(runPublish([`${id}.json`], io))).toMatchObject({
      code: "no-picture",
      message: expect.stringMatching(new RegExp(`^assets/${forged}: This is no picture`)),
    });
    expect(runtime.registry.live(id)).toBeUndefined();
  });
});

describe("parley export", () => {
  it("prints what is live, an older version, or the draft byte for byte", async () => {
    const text = JSON.stringify(say("one"), null, 4);
    const id = write(text);
    await runPublish([`${id}.json`], io);
    write(say("two"), id);
    await runPublish([`${id}.json`], io);
    const printed = async (...args: string[]) => {
      said = "";
      await runExport([id, ...args], io);
      return said;
    };
    expect(await printed()).toBe(`${JSON.stringify(say("two"), null, 2)}\n`);
    expect(await printed("--version", "1")).toBe(`${JSON.stringify(say("one"), null, 2)}\n`);
    expect(JSON.parse(await printed("--draft"))).toEqual(say("two"));
    const other = write(text.replace("{", "{ "), undefined);
    await runPublish([`${other}.json`], io);
    said = "";
    await runExport([other, "--draft"], io);
    expect(said).toBe(text.replace("{", "{ "));
  });

  it("writes the files that serve and publish take, and what is exported publishes nothing new", async () => {
    const id = write(say("one"));
    writeFileSync(join(folder.path, `${id}.settings.json`), '{"title":"Shop"}');
    writeFileSync(join(folder.path, `${id}.layout.json`), '{"positions":{"a":{"x":3,"y":4}}}');
    await runPublish([`${id}.json`], io);
    await runExport([id, "--out", "live"], io);
    await runExport([id, "--draft", "--out", "draft"], io);
    const read = (path: string) => JSON.parse(readFileSync(join(folder.path, path), "utf8"));
    expect(read(`live/${id}.settings.json`)).toEqual({ title: "Shop" });
    expect(existsSync(join(folder.path, `live/${id}.layout.json`))).toBe(false);
    expect(read(`draft/${id}.layout.json`)).toEqual({ positions: { a: { x: 3, y: 4 } } });
    said = "";
    await runPublish([`live/${id}.json`], io);
    expect(said).toMatch(/nothing to publish/);
  });

  it.each([
    [[], "bad-call"],
    [["../x"], "bad-call"],
    [["faq", "--version", "one"], "bad-call"],
    [["faq", "--version", "1", "--draft"], "bad-call"],
    [["nothing"], "not-found"],
    [["faq", "--version", "99"], "not-found"],
  ])("%j is %s", async (args, code) => {
    expect(await failure(runExport(args, io))).toMatchObject({ code });
    expect(said).toBe("");
  });
});
