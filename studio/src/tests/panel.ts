import { IconTestPipe } from "@tabler/icons-react";
import type { Panel } from "../app/editor/panels.js";
import { TestsBadge } from "./TestsBadge.js";
import { TestsPanel } from "./TestsPanel.js";

/** Conversations that the flow is held to. */
export const TESTS_PANEL: Panel = {
  id: "tests",
  title: "Tests",
  icon: IconTestPipe,
  place: "bottom",
  rare: true,
  Content: TestsPanel,
  Badge: TestsBadge,
};
