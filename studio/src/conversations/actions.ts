import { IconChartBar, IconMessages, IconTable } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { answersPath, conversationsPath, countsPath, navigate } from "../app/router.js";

/** From a flow's drawing to what visitors said in it. */
export const CONVERSATION_ACTIONS: readonly Action[] = [
  {
    id: "conversations",
    label: "Conversations",
    group: "Go",
    icon: IconMessages,
    where: "everywhere",
    words: "visitors transcripts messages talked export erase",
    run: ({ editor }) => navigate(conversationsPath(editor.getState().flowId)),
  },
  {
    id: "answers",
    label: "Answers",
    group: "Go",
    icon: IconTable,
    where: "everywhere",
    words: "results responses table csv survey",
    run: ({ editor }) => navigate(answersPath(editor.getState().flowId)),
  },
  {
    id: "counts",
    label: "Counts",
    group: "Go",
    icon: IconChartBar,
    where: "everywhere",
    words: "statistics analytics drop-off how many",
    run: ({ editor }) => navigate(countsPath(editor.getState().flowId)),
  },
];
