import { Button, Menu } from "@mantine/core";
import type { AnswerColumn } from "@parley/shared/api/conversations";
import { IconColumns } from "@tabler/icons-react";
import classes from "./ColumnMenu.module.css";

type ColumnMenuProps = {
  all: readonly AnswerColumn[];
  /** Keys, as they were chosen last: the rows with them may be on their way. */
  shown: readonly string[];
  /** Undefined: the usual ones. */
  change: (keys: readonly string[] | undefined) => void;
};

/** Which columns are shown, on the screen and in the file. */
export function ColumnMenu({ all, shown, change }: ColumnMenuProps) {
  const keys = new Set(shown);
  const toggle = (key: string) => {
    const wanted = all.filter((column) => (column.key === key ? !keys.has(key) : keys.has(column.key)));
    if (wanted.length > 0) change(wanted.map((column) => column.key));
  };
  return (
    <Menu position="bottom-end" width={320} closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.list ?? ""}>
        {all.map(({ key, title }) => (
          <Menu.CheckboxItem key={key} checked={keys.has(key)} onChange={() => toggle(key)}>
            {title}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => change(undefined)}>The usual ones</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
