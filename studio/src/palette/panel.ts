import { IconPlus } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { PalettePanel } from "./PalettePanel.js";

export const PALETTE_PANEL: Panel = {
  id: "palette",
  title: "Add",
  icon: IconPlus,
  place: "left",
  Content: PalettePanel,
  open: true,
  // The outline adds there.
  wideOnly: true,
};
