import { IconCloudDown, IconCloudUpload, IconGitCompare, IconVersions } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { openPanel } from "../commands/open-panel.js";
import { HISTORY_PANEL } from "../history/panel.js";
import { earlierShown } from "../history/shown.js";
import { liveOf } from "./live.js";
import { overlayName } from "./overlay-name.js";

export const PUBLISH_ACTIONS: readonly Action[] = [
  {
    id: "publish",
    label: "Publish…",
    group: "File",
    icon: IconCloudUpload,
    keys: ["mod+shift+enter"],
    where: "everywhere",
    words: "live release deploy version ship note",
    run: ({ bench }) => bench.setState({ over: overlayName("publish") }),
  },
  {
    id: "versions",
    label: "Versions",
    group: "File",
    icon: IconVersions,
    where: "everywhere",
    words: "history roll back restore earlier published",
    run: (desk) => {
      earlierShown.setState("versions", true);
      openPanel(HISTORY_PANEL).run(desk);
    },
  },
  {
    id: "compare",
    label: "Compare versions…",
    group: "File",
    icon: IconGitCompare,
    where: "everywhere",
    words: "diff difference what changed",
    enabled: ({ editor }) => liveOf(editor).getState().version !== undefined,
    run: ({ bench }) => bench.setState({ over: overlayName("compare") }),
  },
  {
    id: "take-down",
    label: "Take down…",
    group: "File",
    icon: IconCloudDown,
    where: "everywhere",
    words: "unpublish offline stop remove",
    enabled: ({ editor, mayWrite }) => mayWrite && liveOf(editor).getState().version !== undefined,
    run: ({ bench }) => bench.setState({ over: overlayName("take-down") }),
  },
];
