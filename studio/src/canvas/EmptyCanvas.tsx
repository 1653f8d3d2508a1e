import { Button, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
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
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => addNext(desk, "message")}>
          Add a message
        </Button>
      )}
    </div>
  );
}
