import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StudioStore } from "../studio/store.js";
import { scratch } from "../testing/server.js";
import { runLogin } from "./login.js";
import type { CommandIo } from "./studio-store.js";
import { runUsers } from "./users.js";

let folder: ReturnType<typeof scratch>;
let said: string;
let password: string;
let io: CommandIo;
beforeEach(() => {
  folder = scratch();
  [said, password] = ["", "a long enough one"];
  io = {
    stdout: (text) => {
      said += text;
    },
    password: async () => password,
    env: {},
    cwd: folder.path,
    now: () => 1_800_000_000_000,
  };
});
afterEach(() => folder.dispose());
const inStore = <T>(work: (store: StudioStore) => T): T => {
  mkdirSync(join(folder.path, "data"), { recursive: true });
  const store = new StudioStore(join(folder.path, "data/studio.db"), io.now);
  const result = work(store);
  store.close();
  return result;
};

describe("parley users", () => {
  it("adds, lists, changes and removes people; their file is for its user alone", async () => {
    await runUsers(["add", "Ada", "--role", "viewer"], io);
    await runUsers(["role", "ada", "editor"], io);
    await runUsers(["list"], io);
    expect(said).toMatch(/^Owner +owner +never signed in, by login links of this machine$/m);
    expect(said).toMatch(/^Ada +editor +never signed in$/m);
    const before = inStore((store) => store.people.byName("Ada")!.password);
    password = "another long enough one";
    await runUsers(["password", "Ada"], io);
    expect(inStore((store) => store.people.byName("Ada")!.password)).not.toBe(before);
    await runUsers(["remove", "Ada"], io);
    expect(inStore((store) => store.people.all())).toHaveLength(1);
    expect(statSync(join(folder.path, "data/studio.db")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, "data")).mode & 0o777).toBe(0o700);
  });

  it.each([
    [["add", "Ada", "--role", "king"], "bad-call"],
    [["add", "A\u001b[31m"], "bad-call"],
    [["role", "Nobody", "owner"], "no-such-person"],
    [["role", "Owner", "viewer"], "built-in"],
    [["remove", "owner"], "built-in"],
    [["nonsense"], "bad-call"],
    [[], "bad-call"],
  ])("refuses %j with %s", async (args, code) => {
    await runUsers(["add", "Somebody"], io);
    await expect(runUsers(args, io)).rejects.toMatchObject({ code });
  });

  it("refuses a short password, a name that is taken, and a folder without a studio", async () => {
    await expect(runUsers(["list"], io)).rejects.toMatchObject({ code: "no-data-folder" });
    password = "short";
    await expect(runUsers(["add", "Ada"], io)).rejects.toMatchObject({ code: "bad-call" });
    password = "long enough again";
    await runUsers(["add", "Ada"], io);
    await expect(runUsers(["add", "ADA"], io)).rejects.toMatchObject({ code: "name-taken" });
  });
});

describe("parley login", () => {
  it("prints a link of the server on that folder, for the owner or for a person", async () => {
    inStore((store) => {
      store.address = "http://localhost:9998/";
    });
    await runUsers(["add", "Ada"], io);
    for (const [args, id] of [
      [[], "local"],
      [["ada"], inStore((store) => store.people.byName("Ada")!.id)],
    ] as const) {
      said = "";
      await runLogin(args, io);
      const secret = /^http:\/\/localhost:9998\/studio\/login#([\w-]{43})\n$/.exec(said)![1]!;
      expect(inStore((store) => [store.sessions.spendLink(secret), store.sessions.spendLink(secret)])).toEqual([
        id,
        undefined,
      ]);
    }
    await expect(runLogin(["Bob"], io)).rejects.toMatchObject({ code: "no-such-person" });
  });

  it("says so where no server has run", async () => {
    await expect(runLogin([], io)).rejects.toMatchObject({ code: "no-data-folder" });
    inStore(() => undefined);
    await expect(runLogin([], io)).rejects.toMatchObject({ code: "never-started" });
  });
});
