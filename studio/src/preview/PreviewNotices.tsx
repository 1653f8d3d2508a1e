import { Button, Text } from "@mantine/core";
import { lazy, Suspense, useMemo } from "react";
import { useStore } from "zustand";
import { useDesk, useEditor } from "../app/editor/desk.js";
import { FindingRow } from "../findings/FindingRow.js";
import classes from "./Preview.module.css";
import { previewOf } from "./preview-store.js";
import { partedWords, problemsAt } from "./preview-words.js";

const HandOffBar = lazy(() => import("./HandOffBar.js").then((module) => ({ default: module.HandOffBar })));

/** What the conversation has come to: a problem with its fix, answers that lead no further, an earlier moment. */
export function PreviewNotices() {
  const { editor } = useDesk();
  const { trace, link } = useStore(previewOf(editor));
  const graph = useEditor(({ steps }) => steps);
  const findings = useEditor((state) => state.findings);
  const flow = useEditor((state) => state.draft.flow);
  const problems = useMemo(() => (trace ? problemsAt(trace, findings, flow) : []), [trace, findings, flow]);
  if (trace === undefined) return null;
  const { parted, failed, refused, live, at } = trace;
  const handOff = trace.waiting
    .map((state) => graph.byId.get(graph.stepOf.get(state) ?? ""))
    .find((step) => step?.kind === "hand-off");
  const stuck = failed !== undefined || refused !== undefined;
  return (
    <>
      {!live && (
        <div className={classes.notice} data-tone="moment">
          <Text size="sm">An earlier moment.</Text>
          <Button size="compact-sm" onClick={() => link?.move({ keep: at })}>
            Continue from here
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => link?.move({ at: null })}>
            Back to now
          </Button>
        </div>
      )}
      {live && handOff !== undefined && (
        <Suspense fallback={null}>
          <HandOffBar step={handOff} trace={trace} link={link} />
        </Suspense>
      )}
      {live && parted !== undefined && parted.why !== "failed" && (
        <div className={classes.notice} data-tone="hint">
          <Text size="sm">{partedWords(parted, trace, graph)}</Text>
        </div>
      )}
      {(problems.length > 0 || stuck) && (
        <div className={classes.problems}>
          {failed !== undefined && <Text size="sm">The conversation cannot go on from here.</Text>}
          {refused !== undefined && failed === undefined && problems.length === 0 && (
            <Text size="sm">The last answer is not taken here.</Text>
          )}
          {problems.length > 0 && (
            <ul className={classes.list}>
              {problems.slice(0, 3).map((finding) => (
                <FindingRow key={`${finding.code} ${finding.pointer}`} finding={finding} goes small />
              ))}
            </ul>
          )}
        </div>
      )}
    </>
  );
}
