import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import Database from "better-sqlite3";
import { freshFolder, run, startServer } from "./support/server.js";

test("[P9] npm start prints the addresses; SIGTERM to npm's pid drains: exit 0, the port is free", async () => {
  const server = await startServer({ via: "npm" });
  expect(server.output()).toMatch(/Websocket\s+ws:\/\/localhost:\d+\//);
  const { port } = new URL(server.url);
  expect(await server.stop("SIGTERM")).toMatchObject({ code: 0 });
  await new Promise<void>((resolve, reject) => {
    const free = createServer().once("error", reject);
    free.listen(Number(port), "127.0.0.1", () => free.close(() => resolve()));
  });
});

/** A start that has to fail: its exit code and what it says. */
async function fails(options: Parameters<typeof run>[0]): Promise<{ code: number | null; says: string }> {
  const { ended, output } = run(options);
  const { code } = await ended;
  return { code, says: output() };
}

test("bad flags and flows: exit code 2 and one sentence", async () => {
  expect(await fails({ args: ["--prot", "1"] })).toMatchObject({ code: 2, says: expect.stringContaining("--prot") });
  expect(await fails({ args: ["--limits", "maybe"] })).toMatchObject({
    code: 2,
    says: expect.stringContaining("--limits"),
  });
  const folder = freshFolder().replace(/data$/, "");
  const flow = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  for (const [path, word] of [
    [join(folder, "missing.json"), "no flow file"],
    [flow("no-json.json", "{"), "not-a-flow"],
    [flow("list.json", "[]"), "not-a-flow"],
    [flow("errors.json", '{"a":{"sendRequest":{"kind":"BotText","content":"x"},"next":"b"}}'), "next-missing"],
    [flow("Bad Name.json", "{}"), "flow-name"],
  ] as const) {
    const { code, says } = await fails({ args: [path] });
    expect(says.trim().split("\n").length, says).toBe(1);
    expect(says).toContain(word);
    expect(code).toBe(2);
  }
});

test("a port in use, a data folder in use, a log of a newer version: one sentence", async () => {
  const server = await startServer();
  expect(await fails({ port: new URL(server.url).port })).toMatchObject({
    code: 1,
    says: expect.stringContaining("port-in-use"),
  });
  expect(await fails({ dataDir: server.dataDir })).toMatchObject({ code: 1, says: expect.stringContaining("in-use") });
  await server.stop("SIGKILL");
  const db = new Database(join(server.dataDir, "log.db"));
  db.pragma("user_version = 99");
  db.close();
  expect(await fails({ dataDir: server.dataDir })).toMatchObject({
    code: 1,
    says: expect.stringContaining("newer-version"),
  });
  expect(await fails({ dataDir: "/proc/parley" })).toMatchObject({
    code: 1,
    says: expect.stringContaining("not-writable"),
  });
});
