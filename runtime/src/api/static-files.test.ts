import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import express, { type NextFunction, type Request, type Response } from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import { send } from "../testing/studio.js";
import { staticFiles } from "./static-files.js";

const SCRIPT = `console.log("${"the same again, ".repeat(40)}");\n`;
const BROTLI = brotliCompressSync(SCRIPT);
const GZIP = gzipSync(SCRIPT);

const folder = scratch();
const server = createServer();
let url: string;

beforeAll(async () => {
  const root = join(folder.path, "assets");
  mkdirSync(root);
  writeFileSync(join(folder.path, "secret.js"), "outside");
  writeFileSync(join(folder.path, "secret.js.br"), "outside");
  writeFileSync(join(root, "a.js"), SCRIPT);
  writeFileSync(join(root, "a.js.br"), BROTLI);
  writeFileSync(join(root, "a.js.gz"), GZIP);
  writeFileSync(join(root, "plain.css"), "a{}");
  const app = express();
  app.set("etag", false);
  app.use("/files", staticFiles(root, { maxAge: "365d", immutable: true }));
  app.use((request: Request, response: Response) => void response.status(404).send(`none: ${request.url}`));
  app.use((error: { status: number }, _request: Request, response: Response, _next: NextFunction) => {
    response.status(error.status).send("refused");
  });
  server.on("request", app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  folder.dispose();
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  send(url, method, path, { headers });
const KEPT = "public, max-age=31536000, immutable";

describe("the encoding", () => {
  it.each([
    ["gzip, deflate, br, zstd", "br", BROTLI],
    ["br", "br", BROTLI],
    ["*", "br", BROTLI],
    ["gzip", "gzip", GZIP],
    ["br;q=0, gzip", "gzip", GZIP],
    ["*, br;q=0", "gzip", GZIP],
    ["br;q=0", undefined, SCRIPT],
    ["identity", undefined, SCRIPT],
    ["zstd", undefined, SCRIPT],
    ["", undefined, SCRIPT],
  ])("of Accept-Encoding: %s is %s", async (accepted, encoding, bytes) => {
    const { status, headers } = await get("/files/a.js?v=1", { "accept-encoding": accepted });
    expect(status).toBe(200);
    expect(headers["content-encoding"]).toBe(encoding);
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(bytes)));
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(headers["cache-control"]).toBe(KEPT);
    expect(headers.vary).toBe("Accept-Encoding");
  });

  it("is none for who sends no Accept-Encoding, and for a file that was not packed", async () => {
    expect((await get("/files/a.js")).text).toBe(SCRIPT);
    const plain = await get("/files/plain.css", { "accept-encoding": "br, gzip" });
    expect([plain.text, plain.headers["content-encoding"], plain.headers["content-type"]]).toEqual([
      "a{}",
      undefined,
      "text/css; charset=utf-8",
    ]);
  });

  it("decodes to the file", async () => {
    const response = await fetch(new URL("files/a.js", url), { headers: { "accept-encoding": "br" } });
    expect([response.headers.get("content-encoding"), await response.text()]).toEqual(["br", SCRIPT]);
  });
});

describe("each encoding", () => {
  it("has an ETag of its own, and 304 for that one only", async () => {
    const tags = new Map<string, string>();
    for (const encoding of ["br", "gzip", "identity"]) {
      const { headers } = await get("/files/a.js", { "accept-encoding": encoding });
      tags.set(encoding, String(headers.etag));
    }
    expect(new Set(tags.values()).size).toBe(3);
    for (const [encoding, tag] of tags) {
      for (const asked of tags.keys()) {
        const { status, headers, text } = await get("/files/a.js", { "accept-encoding": asked, "if-none-match": tag });
        expect(status, `${tag} asked as ${asked}`).toBe(asked === encoding ? 304 : 200);
        expect(headers.vary).toBe("Accept-Encoding");
        if (status === 304) expect(text).toBe("");
      }
    }
  });

  it("answers HEAD as GET without the body", async () => {
    const { status, headers, text } = await get("/files/a.js", { "accept-encoding": "br" }, "HEAD");
    expect([status, headers["content-encoding"], headers["content-length"], text]).toEqual([
      200,
      "br",
      String(BROTLI.length),
      "",
    ]);
  });

  it("is cut into ranges of its own bytes", async () => {
    const plain = await get("/files/a.js", { range: "bytes=0-6" });
    expect([plain.status, plain.headers["content-range"], plain.text]).toEqual([
      206,
      `bytes 0-6/${SCRIPT.length}`,
      "console",
    ]);
    const { status, headers } = await get("/files/a.js", { "accept-encoding": "gzip", range: "bytes=2-5" });
    expect([status, headers["content-encoding"], headers["content-range"], headers["content-length"]]).toEqual([
      206,
      "gzip",
      `bytes 2-5/${GZIP.length}`,
      "4",
    ]);
  });
});

describe("what is refused", () => {
  it("says nothing of the file: a range beyond its end", async () => {
    const { status, headers, text } = await get("/files/a.js", { "accept-encoding": "br", range: "bytes=99999-" });
    expect([status, text, headers["content-range"]]).toEqual([416, "refused", `bytes */${BROTLI.length}`]);
    for (const header of ["content-encoding", "cache-control", "etag", "last-modified"])
      expect(headers[header], header).toBeUndefined();
  });

  it.each([
    ["../secret.js"],
    ["%2e%2e/secret.js"],
    ["%2e%2e%2fsecret.js"],
    ["..%5csecret.js"],
    ["....//secret.js"],
    ["a.js/"],
    ["a.js%00"],
    ["%E0%A4%A"],
    [""],
    ["missing.js"],
  ])("is what is not in the folder: %s", async (path) => {
    for (const accepted of ["br", "gzip", "identity"]) {
      const { status, text, headers } = await get(`/files/${path}`, { "accept-encoding": accepted });
      expect([400, 403, 404], `${path} ${status}`).toContain(status);
      expect(text).not.toContain("outside");
      expect(headers["content-encoding"]).toBeUndefined();
    }
  });

  it("passes on other methods, and the address as it was asked for", async () => {
    expect((await get("/files/a.js", { "accept-encoding": "br" }, "POST")).status).toBe(404);
    expect((await get("/files/missing.js?v=1", { "accept-encoding": "br" })).text).toBe("none: /files/missing.js?v=1");
  });

  it("a packed file asked for by its own name is what it is", async () => {
    const { status, headers } = await get("/files/a.js.br");
    expect([status, headers["content-encoding"], headers["content-type"]]).toEqual([
      200,
      "br",
      "text/javascript; charset=utf-8",
    ]);
  });
});
