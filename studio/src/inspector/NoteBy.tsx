import { Text } from "@mantine/core";
import type { Note } from "@parley/shared/flow/layout";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** Who wrote a note, and when. */
export function NoteBy({ note: { author, at } }: { note: Note }) {
  const time = at === undefined ? Number.NaN : Date.parse(at);
  const by = [author, Number.isNaN(time) ? undefined : WHEN.format(time)].filter(Boolean).join(", ");
  return by === "" ? null : (
    <Text size="xs" c="dimmed">
      {by}
    </Text>
  );
}
