import { Badge } from "@mantine/core";
import { STATUS_WORDS, type Status } from "@parley/shared/api/conversations";

const COLOURS: Readonly<Record<Status, string>> = {
  waiting: "hint",
  ended: "start",
  failed: "problem",
  left: "other",
};

/** How far a conversation is. */
export function StatusBadge({ status }: { status: Status }) {
  const colour = COLOURS[status];
  return (
    <Badge bg={`var(--parley-${colour}-soft)`} c={`var(--parley-${colour})`} style={{ flex: "none" }}>
      {STATUS_WORDS[status]}
    </Badge>
  );
}
