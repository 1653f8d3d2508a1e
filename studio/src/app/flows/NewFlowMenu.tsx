import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconFileText, IconPlus } from "@tabler/icons-react";
import { Fragment } from "react";
import type { FlowActions } from "./use-flow-actions.js";
import { useFlowDoors } from "./use-flow-doors.js";

/** The three ways to a new flow, in a menu. */
export function NewFlowMenu({ actions }: { actions: FlowActions }) {
  const { doors, also } = useFlowDoors(actions);
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            rightSection={<IconChevronDown size={16} aria-hidden />}
          >
            New flow
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {doors.map(({ title, icon: Icon, open, second }) => (
            <Fragment key={title}>
              <Menu.Item leftSection={<Icon size={18} aria-hidden />} onClick={open}>
                {title}
              </Menu.Item>
              {second && (
                <Menu.Item leftSection={<IconFileText size={18} aria-hidden />} onClick={second.open}>
                  {second.title}
                </Menu.Item>
              )}
            </Fragment>
          ))}
        </Menu.Dropdown>
      </Menu>
      {also}
    </>
  );
}
