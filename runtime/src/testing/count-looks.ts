import type { MemoryStore } from "../log/memory.js";

/** The same rows; `looked` is called for each look at one of them. */
function watched<R extends object>(rows: R[], looked: () => void): R[] {
  return new Proxy(rows, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) looked();
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

function watch(store: MemoryStore, looked: () => void): void {
  store.records = watched(store.records, looked);
  for (const [sid, rows] of store.sessions) store.sessions.set(sid, watched(rows, looked));
}

/** How often a memory log has looked at a record that it keeps, since the last call; the first call begins to count. */
export function countLooks(store: MemoryStore): () => number {
  let looks: number | undefined;
  return () => {
    if (looks === undefined) watch(store, () => (looks = looks! + 1));
    const since = looks ?? 0;
    looks = 0;
    return since;
  };
}
