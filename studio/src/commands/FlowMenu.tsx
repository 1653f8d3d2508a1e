import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { canRun } from "../app/editor/action.js";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { isMac, keyLabel } from "../app/editor/keys.js";
import { useTouch } from "../app/use-touch.js";
import classes from "./FlowMenu.module.css";

/** Ids of actions; a gap is a line. */
const ITEMS: readonly (readonly string[])[] = [
  ["commands", "find", "keys"],
  ["publish", "share", "versions", "embed", "take-down"],
  ["conversations", "answers", "counts"],
  ["write-script", "copy-script"],
  ["open-file", "export-flow", "export-all"],
];

/** What concerns the flow as a whole, for who has no keys. */
export function FlowMenu() {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const mac = isMac();
  const touch = useTouch();
  return (
    <Menu position="bottom-end" width={250} returnFocus={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label="More">
          <IconDots size={19} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ITEMS.map((ids, index) => (
          <div key={ids[0]}>
            {index > 0 && <Menu.Divider />}
            {ids.map((id) => {
              const action = desk.actions.find((known) => known.id === id);
              if (action === undefined || !canRun(action, desk, readOnly)) return null;
              const Icon = action.icon;
              const keys = action.keys?.[0];
              return (
                <Menu.Item
                  key={id}
                  leftSection={Icon && <Icon size={16} aria-hidden />}
                  rightSection={
                    !touch && keys !== undefined && <kbd className={classes.keys}>{keyLabel(keys, mac)}</kbd>
                  }
                  onClick={() => action.run(desk)}
                >
                  {action.label}
                </Menu.Item>
              );
            })}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
