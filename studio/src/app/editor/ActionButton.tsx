import { ActionIcon, Tooltip } from "@mantine/core";
import { memo } from "react";
import classes from "./ActionButton.module.css";
import { canRun } from "./action.js";
import { useDesk, useEditor, useReadOnly } from "./desk.js";
import { isMac, keyLabel } from "./keys.js";

/** An action as a button with an icon. It stays where it is while it cannot be done. */
export const ActionButton = memo(function ActionButton({ id }: { id: string }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const action = desk.actions.find((known) => known.id === id);
  // Whatever an action depends on is a part of the editor's state.
  const enabled = useEditor(() => action !== undefined && canRun(action, desk, readOnly));
  const Icon = action?.icon;
  if (action === undefined || Icon === undefined) return null;
  const keys = action.keys?.[0];
  return (
    <Tooltip label={keys === undefined ? action.label : `${action.label} (${keyLabel(keys, isMac())})`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={action.label}
        aria-disabled={!enabled}
        className={classes.button ?? ""}
        onClick={() => enabled && action.run(desk)}
      >
        <Icon size={19} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
});
