import { useMemo } from "react";
import { useStore } from "zustand";
import type { StepGraph } from "../../document/steps.js";
import { caretOf } from "../../inspector/caret.js";
import { aboutWords } from "../../inspector/fields.js";
import { useDesk, useEditor } from "./desk.js";
import { knownOf } from "./known-findings.js";
import { type PlacedFinding, shownFindings } from "./shown-findings.js";
import { useFresh } from "./use-fresh.js";

/** The findings to show now, everywhere the same: none about what one has just begun, or about the words being typed. */
export function useShown(): readonly PlacedFinding[] {
  return useShownIn(useEditor((state) => state.steps));
}

/** The same for steps that are drawn. */
export function useShownIn(graph: StepGraph): readonly PlacedFinding[] {
  const { editor } = useDesk();
  const findings = useEditor((state) => state.findings);
  const selection = useEditor((state) => state.selection);
  const fresh = useFresh();
  const { keys: known } = useStore(knownOf(editor));
  const typing = useStore(caretOf(editor), (caret) => caret.typing);
  return useMemo(() => {
    const shown = shownFindings(graph, findings, { fresh, selection, known });
    if (typing === undefined) return shown;
    const isTyped = aboutWords(editor.getState().draft, typing);
    return shown.filter(({ finding }) => !isTyped(finding));
  }, [graph, findings, fresh, selection, known, typing, editor]);
}
