import { Button, Group } from "@mantine/core";
import { canRun } from "../app/editor/action.js";
import { useBench, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import classes from "./ActionRow.module.css";

/** Actions as buttons with their words. One that cannot be done stays where it is. */
export function ActionRow({ ids }: { ids: readonly string[] }) {
  return (
    <Group gap="xs">
      {ids.map((id) => (
        <WordedAction key={id} id={id} />
      ))}
    </Group>
  );
}

function WordedAction({ id }: { id: string }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const action = desk.actions.find((known) => known.id === id);
  const enabled = () => action !== undefined && canRun(action, desk, readOnly);
  // Whatever an action depends on is a part of these.
  const byEditor = useEditor(enabled);
  const byBench = useBench(enabled);
  if (action === undefined) return null;
  const Icon = action.icon;
  return (
    <Button
      size="xs"
      variant="default"
      className={classes.action ?? ""}
      leftSection={Icon && <Icon size={15} stroke={1.8} aria-hidden />}
      aria-disabled={!(byEditor && byBench)}
      onClick={() => enabled() && action.run(desk)}
    >
      {action.label}
    </Button>
  );
}
