import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconPlus } from "@tabler/icons-react";
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
          {doors.map(({ title, icon: Icon, open }) => (
            <Menu.Item key={title} leftSection={<Icon size={18} aria-hidden />} onClick={open}>
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {also}
    </>
  );
}
