import { IconFileText, IconMarkdown } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { writeScript } from "./pending.js";

export const SCRIPT_ACTIONS: readonly Action[] = [
  {
    id: "write-script",
    label: "Write as a script…",
    group: "Add",
    icon: IconFileText,
    where: "everywhere",
    edits: true,
    words: "text paste plain lines document new steps import",
    run: writeScript,
  },
  {
    id: "copy-script",
    label: "Copy as a script",
    group: "Edit",
    icon: IconMarkdown,
    where: "everywhere",
    words: "text export plain lines document share read",
    enabled: ({ editor }) => editor.getState().steps.steps.length > 0,
    run: (desk) => void import("./copy-script.js").then(({ copyScript }) => copyScript(desk)),
  },
];
