import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { LogRecord } from "@parley/shared/record";
import { conversation } from "@parley/shared/session/conversation";
import Database from "better-sqlite3";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { sessionKeys } from "../api/session-keys.js";
import { eventLogContract, type Subject, type SubjectOptions } from "../log/event-log.contract.js";
import type { EventLog } from "../log/event-log.js";
import { createMemoryLog, createMemoryStore, type MemoryStore } from "../log/memory.js";
import { countLooks } from "../testing/count-looks.js";
import { eventually } from "../testing/eventually.js";
import { CommitFaults } from "../testing/faults.js";
import { first, says, sidOf, text, turn } from "../testing/records.js";
import { scratch } from "../testing/server.js";
import { KeyFile } from "./key-file.js";
import { KeysAwayError, type SessionKeys } from "./keys.js";
import { RemoteKeys } from "./remote-keys.js";
import { open as openRecord, seal, sealedOf } from "./seal.js";
import { sealedLog } from "./sealed-log.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** Keys that outlive a log that is closed. */
const lasting = (keys: SessionKeys): SessionKeys => ({
  of: (sids) => keys.of(sids),
  drop: (sid) => keys.drop(sid),
  close() {},
});

/** The same, and what a thief of the keys and of a store would read. */
function remembered(file: KeyFile) {
  const held = new Map<string, Buffer>();
  return {
    ...lasting(file),
    of(sids: readonly string[]) {
      const found = file.of(sids);
      for (const [sid, key] of found) if (key) held.set(sid, key);
      return found;
    },
    async drop(sid: string) {
      held.delete(sid);
      await file.drop(sid);
    },
    opened: (store: MemoryStore) =>
      store.records.flatMap(({ sid, data }) => {
        const [key, record] = [held.get(sid), sealedOf(JSON.parse(data) as LogRecord)];
        return key && record ? [openRecord(record, key)] : [];
      }),
  };
}

async function open({ partitions = 2, ...options }: SubjectOptions = {}): Promise<Subject> {
  const store = createMemoryStore(partitions);
  const faults = new CommitFaults();
  const common = { ...options, store, beforeCommit: faults.beforeCommit, afterCommit: faults.afterCommit };
  const keys = remembered(new KeyFile(":memory:"));
  let log: EventLog = sealedLog(createMemoryLog({ ...common, partitions }), keys);
  return {
    log,
    faults,
    async reopen(changed) {
      await log.close();
      log = sealedLog(createMemoryLog({ ...common, ...changed }), keys);
      return log;
    },
    // All that is there and, of what is sealed, what the keys that are there open.
    stored: () =>
      Buffer.from(JSON.stringify([store.records, store.control, [...store.sessions], ...keys.opened(store)])),
    rowsRead: countLooks(store),
    dispose: () => log.close(),
  };
}

eventLogContract("memory, sealed", { open });

const sid = sidOf(1);
const SECRET = "my number is 555 0100";

describe("a sealed log", () => {
  it("[P11] holds no word of what was said, and gives it to whoever has the key", async () => {
    const store = createMemoryStore(1);
    const log = sealedLog(createMemoryLog({ store }), new KeyFile(":memory:"));
    const said = [
      first(sid, { page: "https://secret.example/" }),
      text(sid, "1", SECRET),
      says(sid, "c.1", 1, `Noted: ${SECRET}`),
    ];
    for (const record of [...said, turn(sid, "c.1", 2)]) await log.append([record]);
    const stored = JSON.stringify([store.records, [...store.sessions]]);
    for (const word of ["555", "secret.example", "Noted"]) expect(stored).not.toContain(word);
    expect(stored).toContain("Turn");
    expect((await log.read(sid)).slice(0, 3)).toEqual(said);
  });

  it("[P11] erased, cannot be read any more with what every file still has; another's can", async () => {
    const [store, keys] = [createMemoryStore(1), new KeyFile(":memory:")];
    const log = sealedLog(createMemoryLog({ store }), keys);
    for (const one of [sid, sidOf(2)]) await log.append([text(one, "1", SECRET)]);
    // An engine that deletes nothing.
    const kept = store.records.map(({ data }) => JSON.parse(data) as LogRecord);
    await log.erase(sid, { id: "r.1", timestamp: "2026-01-01T00:00:00.000Z" });
    const other = createMemoryLog();
    for (const record of kept) await other.append([record]);
    const again = sealedLog(other, keys);
    expect(await again.read(sid)).toEqual([]);
    expect((await again.read(sidOf(2))).map(({ id }) => id)).toEqual(["c.1"]);
    await expect(again.append([text(sid, "2")])).rejects.toMatchObject({ code: "erased" });
  });

  it("refuses an append, for certain, while keys cannot be had; a reader waits for them, and says why", async () => {
    const keys = new KeyFile(":memory:");
    const inner = createMemoryLog({ partitions: 1 });
    await sealedLog(inner, lasting(keys)).append([text(sid, "1", SECRET)]);
    let away = true;
    const sometimes: SessionKeys = {
      ...lasting(keys),
      of: (sids) => (away ? Promise.reject(new KeysAwayError("The studio is away.")) : keys.of(sids)),
    };
    const log = sealedLog(inner, sometimes);
    await expect(log.append([text(sid, "2")])).rejects.toMatchObject({ code: "not-stored" });
    const end = new AbortController();
    cleanup.push(() => end.abort());
    const read = (async () => {
      for await (const batch of log.subscribe(0, undefined, { signal: end.signal })) {
        if ("records" in batch && batch.records.length > 0) return batch.records.map(({ id }) => id);
      }
      return [];
    })();
    await eventually(() => expect(log.health()).toMatchObject({ ok: false, problem: "The studio is away." }));
    away = false;
    expect(await read).toEqual(["c.1"]);
    expect(log.health().ok).toBe(true);
  });

  it("[P4] gives a damaged record as one of an unknown kind: that session stops, and its neighbours go on", async () => {
    const [store, keys] = [createMemoryStore(1), lasting(new KeyFile(":memory:"))];
    const log = sealedLog(createMemoryLog({ store }), keys);
    for (const one of [sid, sidOf(2)]) await log.append([first(one)]);
    await log.append([text(sid, "1", SECRET)]);
    const other = createMemoryLog();
    for (const { data } of store.records) {
      const record = JSON.parse(data) as LogRecord;
      const message = { kind: "Sealed", data: "AAAA" } as never;
      await other.append([
        record.id === "c.1" ? ({ ...record, payload: { kind: "Control", message } } as LogRecord) : record,
      ]);
    }
    const again = sealedLog(other, keys);
    const after = async (one: string) => conversation(await again.read(one)).after;
    expect(await after(sid)).toMatchObject({ stopped: "unknown-kind", beginning: { flow: "chat" } });
    expect(await after(sidOf(2))).toMatchObject({ stopped: undefined, beginning: { flow: "chat" } });
  });

  it("takes nothing for a record that was sealed under another name or by another key, or was changed", async () => {
    const keys = new KeyFile(":memory:").of([sid, sidOf(2)]);
    const [one, two] = [keys.get(sid)!, keys.get(sidOf(2))!];
    const sealed = sealedOf(seal(text(sid, "1", SECRET), one))!;
    expect(openRecord(sealed, one)).toEqual(text(sid, "1", SECRET));
    expect(() => openRecord(sealed, two)).toThrow();
    expect(() => openRecord({ ...sealed, id: "c.2" }, one)).toThrow();
    const { data } = sealed.payload.message;
    const other = data.slice(0, 40) + (data[40] === "A" ? "B" : "A") + data.slice(41);
    const changed = { kind: "Control", message: { kind: "Sealed", data: other } } as const;
    expect(() => openRecord({ ...sealed, payload: changed }, one)).toThrow();
  });
});

describe("keys of sessions", () => {
  it("are kept over a start in a file of mode 0600, and one that was dropped is in it no more, nor made again", async () => {
    const folder = scratch();
    cleanup.push(() => folder.dispose());
    const file = join(folder.path, "session-keys.db");
    const keys = new KeyFile(file);
    const key = keys.of([sid, sidOf(2)]).get(sid)!;
    await keys.drop(sid);
    keys.close();
    for (const name of [file, `${file}-wal`])
      if (existsSync(name)) expect(readFileSync(name).includes(key)).toBe(false);
    const again = new KeyFile(file);
    const found = again.of([sid, sidOf(2)]);
    expect([found.has(sid), found.get(sid), found.get(sidOf(2))?.length]).toEqual([true, undefined, 32]);
    again.close();
    const db = new Database(file);
    db.pragma("user_version = 99");
    db.close();
    expect(() => new KeyFile(file)).toThrow("newer Parley");
  });

  it("are told over HTTP to who has the cluster's token, many together; to nobody else", async () => {
    const keys = new KeyFile(":memory:");
    const token = "t".repeat(32);
    let asked = 0;
    const app = express();
    app.use((_request, _response, next) => {
      asked += 1;
      next();
    });
    app.use(sessionKeys(keys, token));
    const server = createServer(app).listen(0, "127.0.0.1");
    cleanup.push(() => server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const studio = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const remote = new RemoteKeys(studio, token);
    const sids = Array.from({ length: 50 }, (_, n) => sidOf(n));
    await keys.drop(sidOf(7));
    const told = await Promise.all(sids.map((one) => remote.of([one])));
    const own = keys.of(sids);
    expect(sids.map((one, n) => told[n]!.get(one)?.toString("hex"))).toEqual(
      sids.map((one) => own.get(one)?.toString("hex")),
    );
    expect(asked).toBeLessThanOrEqual(2);
    for (const wrong of ["", "T".repeat(32), `${token}x`]) {
      await expect(new RemoteKeys(studio, wrong).of([sid])).rejects.toThrow("it answered 401");
    }
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    for (const body of ['{"sids":[]}', '{"sids":["x"]}', "{", `{"sids":["${sid}"],"more":1}`]) {
      const answer = await fetch(new URL("/cluster/keys", studio), { method: "POST", headers, body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
    server.close();
    server.closeAllConnections();
    await expect(remote.of([sidOf(99)])).rejects.toBeInstanceOf(KeysAwayError);
  });
});
