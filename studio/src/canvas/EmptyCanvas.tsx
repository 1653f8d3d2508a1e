import { Button, Group, Text, Title } from "@mantine/core";
import { IconFileText, IconPlus } from "@tabler/icons-react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { writeScript } from "../script/pending.js";
import { addNext } from "./add-actions.js";
import classes from "./EmptyCanvas.module.css";

/** A flow without steps: what to do about it. */
export function EmptyCanvas() {
  const desk = useDesk();
  const readOnly = useReadOnly();
  return (
    <div className={classes.empty}>
      <Title order={2}>There are no steps yet</Title>
      <Text c="dimmed">A conversation begins with something that is said or asked.</Text>
      {!readOnly && (
        <Group justify="center" gap="sm">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => addNext(desk, "message")}>
            Add a message
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileText size={16} aria-hidden />}
            onClick={() => writeScript(desk)}
          >
            Write as a script
          </Button>
        </Group>
      )}
    </div>
  );
}
