import { useDeferredValue, useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { useSession } from "../app/session.js";
import { type Run, runTests } from "./run-tests.js";
import { type Tests, testsOf } from "./test-state.js";
import { readTests } from "./test-store.js";

/** The tests and how they fare on the present draft: played again with every edit, after what is typed is drawn. */
export function useTests(): Tests & { readonly run: Run | undefined } {
  const desk = useDesk();
  const state = useStore(testsOf(desk.editor));
  const flow = useDeferredValue(useEditor(({ draft }) => draft.flow));
  const { tests } = state;
  useEffect(() => {
    if (tests === undefined) void readTests(desk);
  }, [desk, tests]);
  const { socket } = useSession();
  useEffect(() => {
    const { flowId } = desk.editor.getState();
    // What was renamed in the draft was renamed in its tests with the save; and others may have saved theirs.
    return socket.listen((news) => {
      if (news.kind === "DraftSaved" && news.flow === flowId) void readTests(desk);
    });
  }, [desk, socket]);
  const run = useMemo(() => tests && runTests(flow, tests), [flow, tests]);
  useEffect(() => {
    const fare = run && { all: run.ran.length, failed: run.failed };
    testsOf(desk.editor).setState({ fare });
  }, [desk, run]);
  return { ...state, run };
}
