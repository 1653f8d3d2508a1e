import type { Scenario } from "@parley/shared/scenario/scenario";
import type { Desk } from "../app/editor/desk.js";
import { type KeptTest, testsOf } from "./test-state.js";

/** Reads the tests; those that are as they were are not read again. */
export async function readTests({ editor, api }: Pick<Desk, "editor" | "api">): Promise<void> {
  const store = testsOf(editor);
  const flow = editor.getState().flowId;
  try {
    const { tests } = (await api("GET /api/flows/{flow}/tests", { path: { flow } })).value;
    const known = new Map(store.getState().tests?.map((test) => [`${test.name} ${test.etag}`, test]));
    const read = await Promise.all(
      tests.map(async ({ name, etag }): Promise<KeptTest> => {
        const before = known.get(`${name} ${etag}`);
        if (before) return before;
        // What validates is loaded with the first test that there is.
        const [{ readScenario }, answer] = await Promise.all([
          import("@parley/shared/scenario/scenario"),
          api("GET /api/flows/{flow}/tests/{test}", { path: { flow, test: name } }),
        ]);
        return { name, etag: answer.etag, ...readScenario(answer.value) };
      }),
    );
    store.setState({ tests: read, problem: undefined });
  } catch (error) {
    store.setState({ problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Saves a test over what it was. */
export async function changeTest(desk: Desk, test: KeptTest, scenario: Scenario): Promise<void> {
  const path = { flow: desk.editor.getState().flowId, test: test.name };
  // Changed by somebody else meanwhile, it is read again and stays theirs.
  await desk
    .api("PUT /api/flows/{flow}/tests/{test}", { path, body: { ...scenario }, etag: test.etag })
    .catch(() => undefined);
  await readTests(desk);
}

export async function removeTest(desk: Desk, test: KeptTest): Promise<void> {
  const path = { flow: desk.editor.getState().flowId, test: test.name };
  await desk.api("DELETE /api/flows/{flow}/tests/{test}", { path, etag: test.etag }).catch(() => undefined);
  await readTests(desk);
}
