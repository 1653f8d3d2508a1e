import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_REQUEST_BYTES } from "./flow/template.js";
import { LIMITS } from "./protocol/limits.js";
import {
  clientId,
  FIRST_ID,
  idOfClient,
  isErased,
  isInput,
  isRunId,
  type LogRecord,
  MAX_RECORD_BYTES,
  runId,
} from "./record.js";
import { runRecords } from "./session/replay.js";
import type { Effect } from "./session/state.js";
import { jsonBytes } from "./text.js";

const common = { v: 1, sid: "a".repeat(40), timestamp: "2026-01-01T00:00:00.000Z" };
const control = (message: object): LogRecord =>
  ({ ...common, id: "x", payload: { kind: "Control", message } }) as LogRecord;
const response = (message: object): LogRecord =>
  ({ ...common, id: "c.1", payload: { kind: "Response", message }, by: "visitor" }) as LogRecord;

const seeded = { seed: 20263 };

describe("ids of records", () => {
  const chosen = fc.string({ unit: fc.constantFrom(..."ab01_-cs"), minLength: 1, maxLength: 64 });
  const number = fc.nat({ max: 1_000 });

  it("[L2] nobody can choose an id of another kind, and no two records of runs share one", () => {
    fc.assert(
      fc.property(chosen, chosen, number, number, number, (one, two, fence, n, m) => {
        const inputs = [FIRST_ID, clientId(one), clientId(two)];
        const runs = inputs.flatMap((input) => [
          runId(input, fence, n),
          runId(input, n, fence),
          runId(input, fence, m),
        ]);
        for (const id of runs) {
          expect(inputs).not.toContain(id);
          expect(idOfClient(id)).toBeUndefined();
        }
        const different =
          new Set([`0 ${fence} ${n}`, `0 ${n} ${fence}`, `0 ${fence} ${m}`]).size * new Set(inputs).size;
        expect(new Set(runs).size).toBe(different);
      }),
      seeded,
    );
  });

  it("[L2] the id a client gave comes back, and the session's own records have none", () => {
    fc.assert(
      fc.property(chosen, (id) => {
        expect(idOfClient(clientId(id))).toBe(id);
      }),
      seeded,
    );
    expect(idOfClient(FIRST_ID)).toBeUndefined();
  });

  it("[L2] isRunId says whether runId made it", () => {
    const input = fc.oneof(chosen.map(clientId), fc.constantFrom(FIRST_ID, "c.1", "c.11", "c.1.0"));
    const small = fc.nat({ max: 12 });
    fc.assert(
      fc.property(input, input, small, small, small, small, (made, asked, f, g, n, m) => {
        const id = runId(made, f, n);
        expect(isRunId(id, made, f, n)).toBe(true);
        expect(isRunId(id, asked, g, m)).toBe(id === runId(asked, g, m));
      }),
      seeded,
    );
    expect(isRunId("c.s.1.0.1", "s.1", 0, 1)).toBe(false);
    expect(isRunId("b.c.1.0.1", "c.1.0", 0, 1)).toBe(false);
  });
});

describe("inputs", () => {
  it("[L1] are the first record, what a visitor sends, what the page sets and what people do; nothing else waits for a run", () => {
    const first: LogRecord = { ...common, id: FIRST_ID, flow: "f", version: 1, step: 1 };
    const inputs = [
      first,
      response({ kind: "UserText", sessionId: "s", content: "x" }),
      response({ kind: "ChoiceResponse", groupId: "q", itemId: "x" }),
      response({ kind: "ResetSession" }),
      control({ kind: "SetVariables", values: {} }),
      { ...control({ kind: "Takeover", name: "Ada" }), by: "ada" },
      { ...control({ kind: "Assign", after: "o.1" }), by: "ada" },
      { ...control({ kind: "GiveBack", after: "o.1" }), by: "ada" },
      { ...common, id: "o.2", payload: { kind: "Request", message: { kind: "BotText", content: "x" } }, act: "o.1" },
    ] as LogRecord[];
    const others = [
      control({ kind: "Turn" }),
      control({ kind: "Grant", hash: "h" }),
      control({ kind: "Revoke", hash: "h" }),
      control({ kind: "Erased" }),
      {
        ...common,
        id: "b.s.1.0.1",
        of: "s.1",
        payload: { kind: "Request", message: { kind: "BotText", content: "x" } },
      },
    ] as LogRecord[];
    expect(inputs.map(isInput)).toEqual(inputs.map(() => true));
    expect(others.map(isInput)).toEqual(others.map(() => false));
  });

  it("[L5] only Erased voids a session", () => {
    expect(isErased(control({ kind: "Erased" }))).toBe(true);
    expect(isErased(control({ kind: "Revoke", hash: "h" }))).toBe(false);
    expect(isErased(response({ kind: "UserText", sessionId: "s", content: "Erased" }))).toBe(false);
  });
});

describe("the size of a record", () => {
  /** The longest that is allowed, made of characters that are longest in JSON. */
  const longest = { name: "\0".repeat(200), id: "\0".repeat(LIMITS.idBytes), client: clientId("x".repeat(64)) };

  it("[L1] of a run is within 12 KiB whatever request and state name check lets pass", () => {
    const content = "x".repeat(MAX_REQUEST_BYTES - jsonBytes({ kind: "BotText", content: "" }));
    const effects: Effect[] = [
      { kind: "send", state: longest.name, message: { kind: "BotText", content } },
      { kind: "turn", state: longest.name, failed: `no state named ${JSON.stringify(longest.name)}`, ended: true },
    ];
    const input = { ...response({ kind: "ResetSession" }), id: longest.client };
    if (!isInput(input)) throw new Error("it is an input");
    for (const record of runRecords({ input, effects, from: 0 }, { timestamp: common.timestamp, fence: 999_999 })) {
      expect(jsonBytes(record)).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    }
  });

  it("[L1] of a visitor's text is within 12 KiB whatever a frame lets pass", () => {
    const message = { kind: "UserText", sessionId: longest.id, content: "x".repeat(LIMITS.textBytes - 2) };
    const record = { ...response(message), id: longest.client, re: Number.MAX_SAFE_INTEGER };
    expect(jsonBytes(message.content)).toBe(LIMITS.textBytes);
    expect(jsonBytes(record)).toBeLessThanOrEqual(MAX_RECORD_BYTES);
  });
});
