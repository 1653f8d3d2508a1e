import { Button, Stack, Textarea } from "@mantine/core";
import type { Note } from "@parley/shared/flow/layout";
import { IconNote } from "@tabler/icons-react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { resolveNotes, setNote } from "../document/commands/drawing.js";
import { NoteBy } from "./NoteBy.js";
import { PanelHead } from "./PanelHead.js";

/** A note: text for who works on the flow. */
export function NotePanel({ note }: { note: Note }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
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
      <NoteBy note={note} />
      <AboutStep note={note} />
      <ResolveNote note={note} />
    </Stack>
  );
}

/** The step that it is about, to go to. */
function AboutStep({ note }: { note: Note }) {
  const { editor, canvas } = useDesk();
  const step = useEditor(({ steps }) => steps.byId.get(steps.stepOf.get(note.state ?? "") ?? ""));
  if (step === undefined) return null;
  const go = () => {
    editor.getState().select([step.id]);
    canvas.current?.reveal(step.id);
  };
  return (
    <Button variant="default" size="sm" onClick={go}>
      Go to “{step.title}”
    </Button>
  );
}

/** What a note says was seen to, or is open again. */
export function ResolveNote({ note }: { note: Note }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const resolved = note.resolved ?? false;
  const change = () => {
    if (readOnly) return;
    const { draft, run } = editor.getState();
    run(resolveNotes(draft, { ids: [note.id], resolved: !resolved }), resolved ? "Reopen a note" : "Resolve a note");
  };
  return (
    <Button size="sm" variant={resolved ? "default" : "light"} aria-disabled={readOnly} onClick={change}>
      {resolved ? "Reopen" : "Resolve"}
    </Button>
  );
}
