import { BLANK } from "@parley/shared/flow/blank";
import { readScript } from "@parley/shared/script/read-script";
import { expect, it } from "vitest";
import { applyAll } from "../apply.js";
import type { Draft } from "../draft.js";
import { putFlow, takenFor } from "./put-flow.js";

const put = (draft: Draft, script: string) => {
  const { flow } = readScript(script, takenFor(draft));
  const positions = new Map([[Object.keys(flow)[0]!, { x: 20, y: 40 }]]);
  const result = putFlow(draft, { flow, positions });
  const done = applyAll(draft, result.changes);
  expect(applyAll(done.draft, done.inverse).draft).toEqual(draft);
  return { result, draft: done.draft };
};

it.each([
  ["without steps", {}],
  ["that is as it began", BLANK],
])("becomes the flow of a draft %s", (_what, flow) => {
  const { draft, result } = put(
    { flow, layout: { positions: { hello: { x: 1, y: 1 } } }, settings: {} },
    "Hello!\nSo?\n- Yes",
  );
  expect(Object.keys(draft.flow)).toEqual(["hello", "so", "soYes"]);
  expect(draft.layout.positions).toMatchObject({ [Object.keys(draft.flow)[0]!]: { x: 20, y: 40 } });
  expect(result.select).toEqual([Object.keys(draft.flow)[0], "so"]);
});

it("stands behind what is written, with names and ids of its own", () => {
  const flow = readScript("So?\n- Yes").flow;
  const { draft } = put({ flow, layout: {}, settings: { variables: ["hi"] } }, "So?\n- Yes\nHi? []");
  expect(Object.keys(draft.flow)).toEqual(["so", "soYes", "so2", "so2Yes", "hi", "hi2Text", "hi2End"]);
});
