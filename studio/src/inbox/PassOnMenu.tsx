import { Button, Menu, ScrollArea } from "@mantine/core";
import type { Staff } from "@parley/shared/api/inbox";
import { IconArrowForwardUp, IconInbox, IconUser } from "@tabler/icons-react";
import { useSession } from "../app/session.js";
import type { Deeds } from "../conversations/use-deeds.js";

type PassOnProps = {
  deeds: Deeds;
  act: string | undefined;
  staff: Staff;
  /** Whether it is with somebody: else there is nothing to release. */
  held: boolean;
  opened: boolean;
  change: (opened: boolean) => void;
};

/** Whom or where a conversation is passed on to: a person, a queue, or whoever comes. */
export function PassOnMenu({ deeds, act, staff, held, opened, change }: PassOnProps) {
  const { me } = useSession();
  const pass = (to: { to?: string; queue?: string }) =>
    void deeds.act({ kind: "Assign", ...to, ...(act !== undefined && { after: act }) });
  const others = staff.people.filter(({ id }) => id !== me.id);
  return (
    <Menu position="top-start" width={260} opened={opened} onChange={change}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          disabled={deeds.busy}
          leftSection={<IconArrowForwardUp size={15} aria-hidden />}
        >
          Pass on…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={320}>
          {held && (
            <Menu.Item leftSection={<IconInbox size={16} aria-hidden />} onClick={() => pass({})}>
              To whoever takes it
            </Menu.Item>
          )}
          <Menu.Label>To a queue</Menu.Label>
          {staff.queues.map(({ name, open, available }) => (
            <Menu.Item
              key={name}
              leftSection={<IconInbox size={16} aria-hidden />}
              rightSection={open ? (available === 0 ? "nobody there" : `${available} there`) : "closed"}
              onClick={() => pass({ queue: name })}
            >
              {name}
            </Menu.Item>
          ))}
          {others.length > 0 && <Menu.Label>To a person</Menu.Label>}
          {others.map(({ id, name, available }) => (
            <Menu.Item
              key={id}
              leftSection={<IconUser size={16} aria-hidden />}
              rightSection={available ? "there" : "not there"}
              onClick={() => pass({ to: id })}
            >
              {name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
