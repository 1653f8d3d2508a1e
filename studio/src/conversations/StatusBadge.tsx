import { Badge } from "@mantine/core";
import { type ConversationRow, PERSON_WORDS, STATUS_WORDS, type Status } from "@parley/shared/api/conversations";

const COLOURS: Readonly<Record<Status, string>> = {
  waiting: "hint",
  ended: "start",
  failed: "problem",
  left: "other",
};

/** How far a conversation is; with whom, where that is a person. */
export function StatusBadge({ status, person }: Pick<ConversationRow, "status" | "person">) {
  const colour = person === undefined ? COLOURS[status] : "text";
  return (
    <Badge bg={`var(--parley-${colour}-soft)`} c={`var(--parley-${colour})`} style={{ flex: "none" }}>
      {person === undefined ? STATUS_WORDS[status] : PERSON_WORDS[person]}
    </Badge>
  );
}
