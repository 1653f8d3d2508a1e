import { IconCode } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { EMBED } from "./EmbedDialog.js";

export const EMBED_ACTIONS: readonly Action[] = [
  {
    id: "embed",
    label: "Show it on a site…",
    group: "File",
    icon: IconCode,
    where: "everywhere",
    words: "embed share tag script html snippet website install allowed origin csp",
    run: ({ bench }) => bench.setState({ over: EMBED }),
  },
];
