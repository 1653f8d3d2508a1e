import { IconCommand, IconKeyboard } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { FILE_ACTIONS } from "./file-actions.js";

export const COMMAND_ACTIONS: readonly Action[] = [
  {
    id: "commands",
    label: "All commands…",
    group: "Go",
    icon: IconCommand,
    keys: ["mod+k"],
    where: "everywhere",
    words: "palette search do",
    hidden: true,
    run: ({ bench }) => bench.setState({ over: "commands" }),
  },
  {
    id: "keys",
    label: "Keys",
    group: "Go",
    icon: IconKeyboard,
    keys: ["?"],
    where: "everywhere",
    words: "shortcuts help keyboard",
    run: ({ bench }) => bench.setState({ over: "keys" }),
  },
  ...FILE_ACTIONS,
];
