import { IconBraces } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { JsonPanel } from "./JsonPanel.js";

export const JSON_PANEL: Panel = {
  id: "json",
  title: "JSON",
  rare: true,
  icon: IconBraces,
  place: "right",
  Content: JsonPanel,
  wide: true,
};
