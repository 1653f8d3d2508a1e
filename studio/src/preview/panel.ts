import { IconPlayerPlay } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { PreviewPanel } from "./PreviewPanel.js";

/** The conversation as a visitor has it, on the draft as it is. */
export const PREVIEW_PANEL: Panel = {
  id: "preview",
  title: "Preview",
  icon: IconPlayerPlay,
  place: "preview",
  Content: PreviewPanel,
  open: true,
};
