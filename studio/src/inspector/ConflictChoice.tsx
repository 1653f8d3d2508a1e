import { Button, Group, Text } from "@mantine/core";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import type { Conflict } from "../document/rebase.js";
import classes from "./ConflictChoice.module.css";
import { conflictWords } from "./conflict-words.js";

/** Two people changed the same: both values, and a button for each. Theirs is in the draft until one chooses. */
export function ConflictChoice({ conflict, chosen }: { conflict: Conflict; chosen?: () => void }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const graph = useEditor((state) => state.steps);
  const draft = useEditor((state) => state.draft);
  const words = conflictWords(conflict, graph, draft);
  const take = (which: "mine" | "theirs") => {
    editor.getState().resolve(conflict, which);
    chosen?.();
  };
  return (
    <section className={classes.choice} aria-label={words.says}>
      <Text size="sm" fw={600} className={classes.says ?? ""} role="status">
        {words.says}
      </Text>
      <dl className={classes.values}>
        <dt>Theirs</dt>
        <dd>{words.theirs}</dd>
        <dt>Mine</dt>
        <dd>{words.mine}</dd>
      </dl>
      <Group gap="xs" grow>
        <Button size="xs" variant="default" disabled={readOnly} onClick={() => take("theirs")}>
          {words.takeTheirs}
        </Button>
        <Button size="xs" disabled={readOnly} onClick={() => take("mine")}>
          {words.takeMine}
        </Button>
      </Group>
    </section>
  );
}
