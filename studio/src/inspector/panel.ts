import { IconEdit } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { Inspector } from "./Inspector.js";

/** Edits what is selected. */
export const INSPECTOR_PANEL: Panel = {
  id: "inspector",
  title: "Edit",
  icon: IconEdit,
  place: "right",
  Content: Inspector,
  open: true,
};
