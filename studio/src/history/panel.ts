import { IconHistory } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { History } from "./History.js";

/** What the flow looked like before. */
export const HISTORY_PANEL: Panel = {
  id: "history",
  title: "Earlier",
  rare: true,
  icon: IconHistory,
  place: "right",
  Content: History,
};
