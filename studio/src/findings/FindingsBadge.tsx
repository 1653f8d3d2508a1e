import { Badge } from "@mantine/core";
import { useShown } from "../app/editor/use-shown.js";

/** How many there are, in the colour of the worst. */
export function FindingsBadge() {
  const shown = useShown();
  if (shown.length === 0) return null;
  const colour = shown.some(({ finding }) => finding.severity === "error") ? "problem" : "hint";
  return (
    <Badge size="sm" bg={`var(--parley-${colour}-soft)`} c={`var(--parley-${colour})`}>
      {shown.length}
    </Badge>
  );
}
