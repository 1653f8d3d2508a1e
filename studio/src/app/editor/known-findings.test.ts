import type { Finding } from "@parley/shared/flow/finding";
import { expect, it } from "vitest";
import type { Draft } from "../../document/draft.js";
import { FakeClock, FakeServer, openEditor } from "../../testing/fake-server.js";
import { createBench } from "./bench.js";
import { cameTo, knownOf } from "./known-findings.js";
import { findingKey, shownFindings } from "./shown-findings.js";

const draft: Draft = {
  flow: {
    hi: { sendRequest: { kind: "BotText", content: "Hi" }, next: "ask" },
    ask: {
      sendRequest: {
        kind: "ChoiceRequest",
        groupId: "g",
        question: "Well?",
        choices: [{ itemId: "a", content: "A" }],
      },
    },
    askA: { matchResponse: { kind: "ChoiceResponse", groupId: "g", itemId: "a" } },
  },
  layout: {},
  settings: {},
};
const dead: Finding = {
  code: "dead-end",
  severity: "warning",
  state: "askA",
  pointer: "/askA",
  message: "",
  plain: "‘A’ leads nowhere.",
};

it("hints of a step in hand, or made just now, are shown once an answer in the preview has come to it", () => {
  const editor = openEditor(new FakeServer(draft), new FakeClock());
  const bench = createBench({ left: undefined, right: undefined, bottom: undefined, preview: undefined });
  const { steps, select } = editor.getState();
  const step = steps.stepOf.get("ask")!;
  editor.setState({ findings: [] });
  select([step]);
  const known = knownOf(editor);
  bench.setState({ fresh: new Set([step]) });
  editor.setState({ findings: [dead] });
  const shown = () =>
    shownFindings(steps, editor.getState().findings, {
      fresh: bench.getState().fresh,
      selection: editor.getState().selection,
      known: known.getState().keys,
    });
  expect(shown()).toEqual([]);
  cameTo({ editor, bench }, ["hi"]);
  expect([shown(), [...bench.getState().fresh]]).toEqual([[], [step]]);
  cameTo({ editor, bench }, ["hi", "ask"]);
  expect(shown().map(({ finding }) => findingKey(finding))).toEqual([findingKey(dead)]);
});
