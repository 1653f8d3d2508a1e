import { Stack, Text, Textarea } from "@mantine/core";
import type { Note } from "@parley/shared/flow/layout";
import { IconNote } from "@tabler/icons-react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { setNote } from "../document/commands/drawing.js";
import { PanelHead } from "./PanelHead.js";

const WHEN = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** A note: text for who works on the flow. */
export function NotePanel({ note }: { note: Note }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const at = note.at === undefined || Number.isNaN(Date.parse(note.at)) ? undefined : WHEN.format(Date.parse(note.at));
  const by = [note.author, at].filter(Boolean).join(", ");
  return (
    <Stack gap="lg">
      <PanelHead
        icon={IconNote}
        title="Note"
        actions={
          <>
            <ActionButton id="duplicate" />
            <ActionButton id="delete" />
          </>
        }
      />
      <Textarea
        label="Text"
        description="Only who works on this flow sees it."
        autosize
        minRows={4}
        maxRows={20}
        maxLength={4000}
        readOnly={readOnly}
        value={note.text}
        onChange={(event) => {
          const { draft, run } = editor.getState();
          run(setNote(draft, { id: note.id, text: event.currentTarget.value }), "Write a note", `note ${note.id}`);
        }}
      />
      {by !== "" && (
        <Text size="xs" c="dimmed">
          {by}
        </Text>
      )}
    </Stack>
  );
}
