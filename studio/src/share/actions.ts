import { IconShare2 } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { SHARE } from "./ShareDialog.js";

export const SHARE_ACTIONS: readonly Action[] = [
  {
    id: "share",
    label: "Share draft…",
    group: "File",
    icon: IconShare2,
    where: "everywhere",
    words: "link colleague review comment feedback phone qr code try send",
    enabled: ({ mayWrite }) => mayWrite,
    run: ({ bench }) => bench.setState({ over: SHARE }),
  },
];
