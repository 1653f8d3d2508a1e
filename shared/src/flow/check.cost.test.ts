import { beforeEach, describe, expect, it } from "vitest";
import { ask, closeChat, openChat, picked, say, typed } from "../testing/states.js";
import { check, RULES } from "./check.js";
import { readGraph } from "./graph.js";
import { readModel } from "./model.js";
import { readFlow } from "./read.js";
import { Report } from "./report.js";

let reads = 0;
let proxies = new WeakMap<object, object>();
beforeEach(() => {
  reads = 0;
  proxies = new WeakMap();
});

/** The same value; every property, element and map entry that is read from it, however deep, is counted. */
function counted<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  let proxy = proxies.get(value);
  if (!proxy) {
    proxy = new Proxy(value, { get: value instanceof Map ? mapEntry : property });
    proxies.set(value, proxy);
  }
  return proxy as T;
}

function property(target: object, key: PropertyKey): unknown {
  reads += 1;
  return counted(Reflect.get(target, key, target));
}

function mapEntry(target: object, key: PropertyKey): unknown {
  reads += 1;
  const value: unknown = Reflect.get(target, key, target);
  if (typeof value !== "function") return value;
  return (...args: unknown[]) => {
    const result: unknown = value.apply(target, args);
    return key === "get" || key === "has" ? counted(result) : each(result as Iterable<unknown>);
  };
}

function* each(entries: Iterable<unknown>): Generator<unknown> {
  for (const entry of entries) {
    reads += 1;
    yield Array.isArray(entry) ? entry.map(counted) : counted(entry);
  }
}

type Flow = Record<string, unknown>;
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const ids = (n: number): string[] => numbers(n).map((i) => `i${i}`);
const flowOf = (states: Iterable<readonly [string, unknown]>): Flow => Object.fromEntries(states);

/** Flows of about `n` states or items that a rule which is not linear shows itself on. */
const SHAPES: Readonly<Record<string, (n: number) => Flow>> = {
  "a chain": (n) => flowOf(numbers(n).map((i) => [`s${i}`, say(`${i}`, `s${i + 1}`)])),
  "a star": (n) => ({ hub: ask("q", ids(n)), ...flowOf(ids(n).map((id) => [id, picked("q", id, "hub")])) }),
  "a question without answers": (n) => ({ ask: ask("q", ids(n)) }),
  "a question with its last answers missing": (n) => ({
    ask: ask("q", ids(n)),
    ...flowOf(ids(n / 2).map((id) => [id, picked("q", id, "ask")])),
  }),
  "one item asked for again and again": (n) => flowOf(numbers(n).map((i) => [`s${i}`, ask("q", ["x"], `s${i + 1}`)])),
  "one answer matched again and again": (n) => ({
    ask: ask("q", ["x"]),
    ...flowOf(numbers(n).map((i) => [`m${i}`, picked("q", "x", "ask")])),
  }),
  "the same item in one question": (n) => ({ ask: ask("q", new Array(n).fill("x")), m: picked("q", "x", "ask") }),
  "matches of nothing": (n) => flowOf(numbers(n).map((i) => [`m${i}`, typed(`s${i}`)])),
  "expected texts of one chat session": (n) => ({
    ask: openChat("s"),
    ...flowOf(numbers(n).map((i) => [`m${i}`, typed("s", "ask", `${i}`)])),
  }),
  "chat sessions that are never closed": (n) =>
    flowOf(
      numbers(n).flatMap(
        (i) =>
          [
            [`s${i}`, openChat(`${i}`)],
            [`m${i}`, typed(`${i}`, `s${i + 1}`)],
          ] as const,
      ),
    ),
  "one chat session opened and closed again and again": (n) =>
    flowOf(
      numbers(n).flatMap(
        (i) =>
          [
            [`s${i}`, openChat("s", `e${i}`)],
            [`e${i}`, closeChat("s", `s${i + 1}`)],
          ] as const,
      ),
    ),
  "answers used long before they are given": (n) => ({
    start: say(
      ids(n)
        .map((id) => `{{${id}}}`)
        .join(" "),
      "s0",
    ),
    ...flowOf(
      numbers(n).flatMap(
        (i) =>
          [
            [`s${i}`, ask(`i${i}`, ["x"])],
            [`m${i}`, picked(`i${i}`, "x", `s${i + 1}`)],
          ] as const,
      ),
    ),
  }),
  "broken states": (n) => flowOf(numbers(n).map((i) => [`s${i}`, { sendRequest: { kind: "Video", x: i } }])),
  "reserved and missing names": (n) =>
    flowOf(numbers(n).map((i) => [i === 0 ? "prototype" : `prototypeState${i === 1 ? "" : i}`, say("x", `other${i}`)])),
};

function cost(rule: (typeof RULES)[number], flow: Flow): number {
  const model = readModel(flow);
  const [counting, graph] = [counted(model), readGraph(model)];
  reads = 0;
  rule({ flow: counted(flow), bytes: 0, model: counting, graph, variables: new Set(), report: new Report() });
  return reads;
}

describe("the cost of check", () => {
  it.each(Object.entries(SHAPES))("grows with the flow, and no faster in any rule: %s", (_name, shape) => {
    const [small, large] = [shape(300), shape(600)];
    for (const rule of RULES) {
      const before = cost(rule, small);
      expect(cost(rule, large), rule.name).toBeLessThan(2.2 * before + 1_000);
    }
  });
});

describe("hostile flows", () => {
  // What is quadratic would take hours with these.
  it("a name of a million characters, and one that is meant by it", () => {
    const name = (end: string) => `${end}${"a".repeat(1_000_000)}${end}`;
    const found = check({ [name("x")]: say("x", name("y")) });
    expect(found.map((finding) => finding.code)).toEqual(["bad-name", "next-missing"]);
  });

  it("a name of a million characters with many mistakes inside", () => {
    const name = "a".repeat(1_000_000);
    const fields = numbers(20_000)
      .map((i) => `"f${i}":0`)
      .join();
    const { findings, at } = readFlow(`{"${name}":{${fields},"f7":1}}`);
    expect(findings.map((finding) => finding.code)).toEqual(["duplicate-name", "bad-name", "bad-shape"]);
    expect(findings.at(-1)?.message).toContain("more findings");
    expect(at(findings[0]!.pointer)).toEqual({ line: 1, column: 7 + name.length + fields.length });
  });

  it("ids and texts of a million characters in a thousand findings", () => {
    const [id, blank] = ["i".repeat(1_000_000), " ".repeat(1_000_000)];
    const question = { ...(ask(id, ids(2_000)).sendRequest as object), question: blank };
    const found = check({ a: { sendRequest: question } });
    expect(found).toHaveLength(1_000);
    for (const { message, plain } of found) expect(message.length + plain.length).toBeLessThan(600);
  });
});
