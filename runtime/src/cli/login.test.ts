import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startServer } from "../testing/process.js";
import { scratch } from "../testing/server.js";
import { cookieOf, send } from "../testing/studio.js";
import { runLogin } from "./login.js";
import { runUsers } from "./users.js";

it("[P15] a server prints its link first; another process prints one and adds people while it runs", async () => {
  const folder = scratch();
  const dataDir = join(folder.path, "data");
  const server = await startServer({ dataDir });
  try {
    const lines = server.output().split("\n");
    const first = lines[lines.indexOf("Parley is ready.") + 1]!;
    const secret = /^ {2}Studio {6}http:\/\/localhost:\d+\/studio\/login#([\w-]{43})$/.exec(first)![1]!;
    let said = "";
    const io = {
      stdout: (text: string) => {
        said += text;
      },
      password: async () => "a long enough one",
      env: { DATA_DIR: dataDir },
      cwd: folder.path,
      now: Date.now,
    };
    await runLogin([], io);
    await runUsers(["add", "Ada", "--role", "viewer"], io);
    const origin = new URL(server.url).origin;
    const enter = async (body: unknown) => {
      const answer = await send(server.url, "POST", "/api/session", { headers: { origin }, body });
      expect(answer.status, answer.text).toBe(201);
      return { origin, cookie: cookieOf(answer) };
    };
    const owner = await enter({ secret });
    await enter({ secret: said.split("\n")[0]!.split("#")[1] });
    const ada = await enter({ name: "Ada", password: "a long enough one" });
    // Schemas, hashing and the router work where no code is made of strings.
    const make = (headers: Record<string, string>) =>
      send(server.url, "POST", "/api/flows", { headers, body: { title: "Made", from: { kind: "blank" } } });
    expect([(await make(owner)).status, (await make(ada)).status]).toEqual([201, 403]);
    expect((await send(server.url, "GET", "/api/openapi.json")).status).toBe(200);
    for (const name of readdirSync(dataDir))
      expect([name, statSync(join(dataDir, name)).mode & 0o77]).toEqual([name, 0]);
    for (const hidden of [owner.cookie, ada.cookie, "a long enough one"]) expect(server.output()).not.toContain(hidden);
  } finally {
    await server.stop("SIGKILL");
    folder.dispose();
  }
});
