import { MAX_TESTS } from "../../studio/flow-tests.js";
import { changed, checkDepth, type Flows } from "../../studio/flows.js";
import { Refusal } from "../../studio/refusal.js";
import type { StudioStore } from "../../studio/store.js";
import type { Handlers } from "../handler.js";

export type TestRoutes = Pick<
  Handlers,
  | "GET /api/flows/{flow}/tests"
  | "GET /api/flows/{flow}/tests/{test}"
  | "PUT /api/flows/{flow}/tests/{test}"
  | "DELETE /api/flows/{flow}/tests/{test}"
>;

/** The tests beside a flow. */
export function testRoutes(flows: Flows, store: StudioStore, now: () => number): TestRoutes {
  const { tests } = store;
  const found = (key: number, name: string) => {
    const test = tests.get(key, name);
    if (!test) throw new Refusal("not-found", "This flow has no such test.");
    return test;
  };
  return {
    "GET /api/flows/{flow}/tests": ({ path }) => ({
      body: {
        tests: tests
          .list(flows.get(path.flow).key)
          .map(({ name, etag, at, by }) => ({ name, etag, at: new Date(at).toISOString(), by })),
      },
    }),
    "GET /api/flows/{flow}/tests/{test}": ({ path }) => {
      const { data, etag } = found(flows.get(path.flow).key, path.test);
      return { body: { raw: data }, etag };
    },
    "PUT /api/flows/{flow}/tests/{test}": ({ path, body, match, onlyNew, author }) => {
      checkDepth(body);
      const etag = store.transaction(() => {
        const { key } = flows.toChange(path.flow);
        const before = tests.get(key, path.test);
        if (onlyNew ? before : !before || !match.includes(before.etag)) {
          if (!before) throw new Refusal("not-found", "This flow has no such test.");
          throw changed(before.etag);
        }
        if (!before && tests.list(key).length >= MAX_TESTS) {
          throw new Refusal("too-many-tests", `A flow has at most ${MAX_TESTS} tests.`);
        }
        return tests.put(key, path.test, JSON.stringify(body), { by: author.name, at: now() });
      });
      return { body: { etag }, etag };
    },
    "DELETE /api/flows/{flow}/tests/{test}": ({ path, match }) => {
      store.transaction(() => {
        const { key } = flows.toChange(path.flow);
        const before = found(key, path.test);
        if (!match.includes(before.etag)) throw changed(before.etag);
        tests.remove(key, path.test);
      });
      return {};
    },
  };
}
