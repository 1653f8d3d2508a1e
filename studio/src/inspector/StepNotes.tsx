import { Stack, Text } from "@mantine/core";
import { useEditor } from "../app/editor/desk.js";
import { NoteBy } from "./NoteBy.js";
import { ResolveNote } from "./NotePanel.js";
import classes from "./StepNotes.module.css";

/** What was said about a step: comments of readers, until they are resolved. */
export function StepNotes({ step }: { step: string }) {
  const notes = useEditor(({ draft }) => draft.layout.notes);
  const stepOf = useEditor(({ steps }) => steps.stepOf);
  const about = (notes ?? []).filter(
    ({ state, resolved }) => state !== undefined && resolved !== true && stepOf.get(state) === step,
  );
  if (about.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Comments">
      {about.map((note) => (
        <div key={note.id} className={classes.note}>
          <Text size="sm" className={classes.text ?? ""}>
            {note.text}
          </Text>
          <div className={classes.foot}>
            <NoteBy note={note} />
            <ResolveNote note={note} />
          </div>
        </div>
      ))}
    </Stack>
  );
}
