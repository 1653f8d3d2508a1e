import { describe, expect, it } from "vitest";
import { Store } from "./storage.js";

const TOKEN = `${"a".repeat(40)}.${"b".repeat(43)}`;
const send = (id: string) =>
  ({ kind: "Send", id, message: { kind: "UserText", sessionId: "s", content: id } }) as const;

function page(first?: string) {
  const map = new Map<string, string>(first === undefined ? [] : [["k", first]]);
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

describe("Store", () => {
  it("keeps token and outbox over a reload", () => {
    const storage = page();
    const store = new Store(storage, "k");
    store.token = TOKEN;
    store.add(send("1"));
    store.add(send("2"));
    store.add(send("1"));
    store.remove("2");
    const after = new Store(storage, "k");
    expect(after.token).toBe(TOKEN);
    expect(after.outbox).toEqual([send("1")]);
  });

  it("does not undo what another tab did", () => {
    const storage = page();
    const one = new Store(storage, "k");
    const two = new Store(storage, "k");
    one.add(send("1"));
    two.add(send("2"));
    one.remove("1");
    expect(two.outbox).toEqual([send("2")]);
  });

  it.each([
    "no json",
    "null",
    "7",
    "[]",
    '{"token":5,"outbox":"x"}',
    '{"token":"short.x","outbox":[1,{},{"kind":"Send","id":"a b"}]}',
    '{"outbox":[{"kind":"Send","id":"a","message":{"kind":"BotText","content":"x"}}]}',
    '{"outbox":[{"kind":"Send","id":"a","re":-1,"message":{"kind":"ResetSession"}}]}',
  ])("takes nothing of the wrong shape from storage: %s", (text) => {
    const store = new Store(page(text), "k");
    expect(store.token).toBeUndefined();
    expect(store.outbox).toEqual([]);
  });

  it("lives as long as the page where storage is blocked or full", () => {
    const blocked = () => {
      throw new DOMException("denied", "SecurityError");
    };
    for (const storage of [
      undefined,
      { getItem: blocked, setItem: blocked, removeItem: blocked },
      { ...page(), setItem: blocked },
    ]) {
      const store = new Store(storage, "k");
      store.token = TOKEN;
      store.add(send("1"));
      expect(store.token).toBe(TOKEN);
      expect(store.outbox).toEqual([send("1")]);
    }
  });
});
