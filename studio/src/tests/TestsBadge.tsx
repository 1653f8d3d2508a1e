import { Badge } from "@mantine/core";
import { useStore } from "zustand";
import { useDesk } from "../app/editor/desk.js";
import { testsOf } from "./test-state.js";

/** How many tests fail; all pass: how many there are. */
export function TestsBadge() {
  const fare = useStore(testsOf(useDesk().editor), (state) => state.fare);
  if (fare === undefined || fare.all === 0) return null;
  const bad = fare.failed > 0;
  return (
    <Badge
      size="sm"
      bg={bad ? "var(--parley-problem-soft)" : "var(--parley-start-soft)"}
      c={bad ? "var(--parley-problem)" : "var(--parley-start)"}
      aria-label={bad ? `${fare.failed} fail` : "all pass"}
    >
      {bad ? fare.failed : fare.all}
    </Badge>
  );
}
