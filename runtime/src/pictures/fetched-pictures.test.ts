import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../registry/registry.js";
import { png, pngChunk } from "../testing/sample-pictures.js";
import { scratch } from "../testing/server.js";
import { FetchedPictures, PictureAwayError } from "./fetched-pictures.js";

const nameOf = (bytes: Buffer, type = "png") => `${sha256(bytes)}.${type}`;
/** Pictures of one size that differ. */
const PICTURES = ["a", "b", "c"].map((text) => {
  const bytes = png();
  return Buffer.concat([bytes.subarray(0, 33), pngChunk("tEXt", Buffer.from(`n\0${text}`)), bytes.subarray(33)]);
});
const [A, B, C] = PICTURES as [Buffer, Buffer, Buffer];

let folder: ReturnType<typeof scratch>;
let asked: string[];
let now: number;
let answer: (name: string) => Response | Promise<Response>;
beforeEach(() => {
  folder = scratch();
  asked = [];
  now = Date.parse("2026-03-01T12:00:00Z");
  answer = (name) => {
    const bytes = PICTURES.find((one) => nameOf(one) === name);
    return bytes ? new Response(new Uint8Array(bytes)) : new Response("", { status: 404 });
  };
});
afterEach(() => folder.dispose());

const start = ({ room = 1e6, alone = false } = {}) =>
  new FetchedPictures({
    folder: join(folder.path, "pictures"),
    studio: alone ? undefined : new URL("http://studio:9998"),
    room,
    logger: pino({ level: "silent" }),
    now: () => now,
    fetch: async (url) => {
      const name = new URL(String(url)).pathname.replace("/assets/", "");
      asked.push(name);
      return answer(name);
    },
  });
const kept = () => readdirSync(join(folder.path, "pictures")).sort();

describe("a picture that is with the studio", () => {
  it("is asked for once, also by many at once and after a restart", async () => {
    const pictures = start();
    const all = await Promise.all(Array.from({ length: 20 }, () => pictures.bytes(nameOf(A))));
    expect(all.every((bytes) => bytes?.equals(A))).toBe(true);
    expect((await start().bytes(nameOf(A)))?.equals(A)).toBe(true);
    expect((await start({ alone: true }).bytes(nameOf(A)))?.equals(A)).toBe(true);
    expect(asked).toEqual([nameOf(A)]);
  });

  it("[P15] [server-side request forgery] is asked for where the studio is, whatever its name says, and wherever that leads", async () => {
    const elsewhere = createServer((_request, response) => response.end(A));
    const studio = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(302, { location: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/` }).end();
    });
    const at = await Promise.all(
      [studio, elsewhere].map(async (server) => {
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      }),
    );
    const options = { folder: join(folder.path, "pictures"), room: 1e6, logger: pino({ level: "silent" }) };
    const pictures = new FetchedPictures({ ...options, studio: at[0] });
    await expect(pictures.bytes(nameOf(A))).rejects.toThrow("cannot be asked now");
    for (const name of ["//evil.example/a.png", "@evil.example", "..%2f..", `${nameOf(A)}?x`, `${nameOf(A)}/..`]) {
      expect(await pictures.bytes(name)).toBeUndefined();
    }
    expect(asked).toEqual([`/assets/${nameOf(A)}`]);
    for (const server of [studio, elsewhere]) await new Promise((resolve) => server.close(resolve));
  });

  it("is none where the studio has none, and not asked for again at once", async () => {
    const pictures = start();
    const name = `${"0".repeat(64)}.png`;
    for (let i = 0; i < 3; i++) expect(await pictures.bytes(name)).toBeUndefined();
    expect(asked).toHaveLength(1);
    now += 31_000;
    await pictures.bytes(name);
    expect(asked).toHaveLength(2);
    expect(await start({ alone: true }).bytes(nameOf(A))).toBeUndefined();
    for (const none of ["x", "../studio.db", `${"0".repeat(64)}.svg`])
      expect(await pictures.bytes(none)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it.each<[string, () => Response]>([
    [
      "is away",
      () => {
        throw new TypeError("fetch failed");
      },
    ],
    ["fails", () => new Response("", { status: 500 })],
    ["gives another picture", () => new Response(new Uint8Array(B))],
    ["gives no picture", () => new Response("<script>")],
    ["gives more than a picture may have", () => new Response(new Uint8Array(3 * 1024 * 1024))],
  ])("waits while the studio %s, and is there when it is right again", async (_what, wrong) => {
    const pictures = start();
    const right = answer;
    answer = wrong;
    await expect(pictures.bytes(nameOf(A))).rejects.toThrow(PictureAwayError);
    expect(kept()).toEqual([]);
    answer = right;
    expect((await pictures.bytes(nameOf(A)))?.equals(A)).toBe(true);
  });

  it("asks for no more than a few at once", async () => {
    const pictures = start();
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    answer = async () => {
      await held;
      return new Response("", { status: 404 });
    };
    const names = Array.from({ length: 40 }, (_, i) => `${sha256(`${i}`)}.png`);
    const all = names.map((name) => pictures.bytes(name).catch((error: unknown) => error));
    expect(await Promise.race(all)).toBeInstanceOf(PictureAwayError);
    go();
    const refused = (await Promise.all(all)).filter((one) => one instanceof PictureAwayError);
    expect([refused.length, asked.length]).toEqual([24, 16]);
  });
});

describe("the folder", () => {
  it("has no more than its room: what was used longest ago goes", async () => {
    let pictures = start({ room: A.length * 2 });
    for (const one of [A, B]) await pictures.bytes(nameOf(one));
    expect(kept()).toEqual([nameOf(A), nameOf(B)].sort());
    now += 1_000;
    pictures = start({ room: A.length * 2 });
    await pictures.bytes(nameOf(A));
    // By another process: the times of use outlive it.
    await start({ room: A.length * 2 }).bytes(nameOf(C));
    expect(kept()).toEqual([nameOf(A), nameOf(C)].sort());
  });

  it("is looked at with mistrust: a file that was changed is got anew, one half written is removed", async () => {
    const path = join(folder.path, "pictures");
    mkdirSync(path);
    writeFileSync(join(path, nameOf(A)), A.subarray(0, 40));
    writeFileSync(join(path, "half.new"), "x");
    expect((await start().bytes(nameOf(A)))?.equals(A)).toBe(true);
    expect(kept()).toEqual([nameOf(A)]);
    expect(readFileSync(join(path, nameOf(A))).equals(A)).toBe(true);
  });
});
