import { IconListTree } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { OutlinePanel } from "./OutlinePanel.js";

export const OUTLINE_PANEL: Panel = {
  id: "outline",
  title: "Outline",
  icon: IconListTree,
  place: "left",
  Content: OutlinePanel,
};
