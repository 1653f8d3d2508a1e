import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import { send } from "../testing/studio.js";
import { studioPages } from "./pages.js";

const folder = scratch();
const server = createServer();
let url: string;
const page = '<script src="/studio/assets/a.js" nonce="__CSP_NONCE__"></script><style nonce="__CSP_NONCE__"></style>';

beforeAll(async () => {
  const app = express();
  app.use(studioPages(folder.path));
  app.use((_request, response) => void response.status(404).send("none"));
  server.on("request", app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  folder.dispose();
});
const get = (path: string) => send(url, "GET", path);

it("says what to do while the studio is not built", async () => {
  const { status, text } = await get("/studio");
  expect([status, text]).toEqual([503, expect.stringContaining("npm run build")]);
});

it("[P15] every page has a nonce of its own and a policy without unsafe words", async () => {
  mkdirSync(join(folder.path, "assets"));
  for (const file of ["index.html", "shared.html"]) writeFileSync(join(folder.path, file), page);
  writeFileSync(join(folder.path, "assets/a.js"), "1");
  const nonces = new Set<string>();
  for (const path of [
    "/studio",
    "/studio/",
    "/studio/login",
    "/studio/f/bot-assistant",
    "/studio/nothing/here",
    "/shared",
  ]) {
    const { status, text, headers } = await get(path);
    expect(status, path).toBe(200);
    const nonce = /nonce="([^"]+)"><\/script>/.exec(text)![1]!;
    expect(text).toBe(page.replaceAll("__CSP_NONCE__", nonce));
    const policy = Object.fromEntries(
      String(headers["content-security-policy"])
        .split("; ")
        .map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1).join(" ")]),
    );
    expect(policy).toMatchObject({
      "default-src": "'none'",
      "script-src": "'self'",
      "style-src": `'self' 'nonce-${nonce}'`,
      "worker-src": "'self'",
      "connect-src": "'self'",
      "img-src": "'self' data:",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
    });
    expect(String(headers["content-security-policy"])).not.toMatch(/unsafe|\*/);
    expect(headers["cache-control"]).toBe("no-store");
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(6);
});

it("assets are kept for good; one that is not there is no page, nor is an odd address", async () => {
  const { headers, text } = await get("/studio/assets/a.js");
  expect([text, headers["cache-control"]]).toEqual(["1", "public, max-age=31536000, immutable"]);
  for (const path of [
    "/studio/assets/b.js",
    "/studio/assets/",
    "/studio/assets/../index.html",
    "/studio/assets/%2e%2e/index.html",
    "/studio/../api",
    "/studio/x%2f..",
    "/Studio",
    "/studiox",
  ]) {
    expect((await get(path)).status, path).toBe(404);
  }
});
