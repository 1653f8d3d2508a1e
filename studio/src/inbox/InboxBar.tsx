import { ActionIcon, Checkbox, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconBell, IconChartBar, IconHelp, IconSettings } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useSession } from "../app/session.js";
import type { useAlerts } from "./alerts.js";
import { FiguresDialog } from "./FiguresDialog.js";
import classes from "./InboxScreen.module.css";
import type { InboxState } from "./inbox.js";
import { QueuesDialog } from "./QueuesDialog.js";

type BarProps = {
  state: InboxState;
  online: boolean;
  alerts: ReturnType<typeof useAlerts>;
  showKeys: () => void;
};

/** Whether one is there for visitors, how one wants to be told, and what is set. */
export function InboxBar({ state, online, alerts: { wanted, want }, showKeys }: BarProps) {
  const { api, me } = useSession();
  const [problem, setProblem] = useState<string>();
  const [dialog, setDialog] = useState<"queues" | "figures">();
  // What was just said is shown at once, until the server tells it.
  const [said, setSaid] = useState<boolean>();
  const told = state.available;
  useEffect(() => setSaid((before) => (before === told ? undefined : before)), [told]);
  const set = (available: boolean) => {
    setSaid(available);
    return api("PUT /api/availability", { body: { available } }).then(
      () => setProblem(undefined),
      (error: unknown) => {
        setSaid(undefined);
        setProblem(error instanceof Error ? error.message : String(error));
      },
    );
  };
  return (
    <header className={classes.bar}>
      <h1 className="parley-unseen">Inbox</h1>
      <Checkbox
        role="switch"
        label="I am available"
        checked={said ?? told}
        onChange={({ currentTarget }) => void set(currentTarget.checked)}
      />
      {!online && (
        <Text size="sm" c="var(--parley-problem)" role="status">
          The server cannot be reached. What you write is sent when it is back.
        </Text>
      )}
      {problem !== undefined && (
        <Text size="sm" c="var(--parley-problem)" role="alert">
          {problem}
        </Text>
      )}
      <span className={classes.spread} />
      <Group gap={4} wrap="nowrap">
        <Menu position="bottom-end" width={280} closeOnItemClick={false}>
          <Menu.Target>
            <Tooltip label="How I am told">
              <ActionIcon variant="subtle" color="gray" size={36} aria-label="How I am told">
                <IconBell size={19} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>When somebody waits, or writes to me</Menu.Label>
            <Menu.CheckboxItem checked={wanted.sound} onChange={(sound) => void want({ sound })}>
              Play a sound
            </Menu.CheckboxItem>
            <Menu.CheckboxItem checked={wanted.desktop} onChange={(desktop) => void want({ desktop })}>
              Show it on the desktop
            </Menu.CheckboxItem>
          </Menu.Dropdown>
        </Menu>
        <BarButton label="Figures" icon={IconChartBar} press={() => setDialog("figures")} />
        {me.rights.includes("access:manage") && (
          <BarButton label="Queues" icon={IconSettings} press={() => setDialog("queues")} />
        )}
        <BarButton label="Keys" icon={IconHelp} press={showKeys} />
      </Group>
      {dialog === "queues" && <QueuesDialog people={state.people} close={() => setDialog(undefined)} />}
      {dialog === "figures" && <FiguresDialog close={() => setDialog(undefined)} />}
    </header>
  );
}

type BarButtonProps = { label: string; icon: typeof IconHelp; press: () => void };
const BarButton = ({ label, icon: Icon, press }: BarButtonProps) => (
  <Tooltip label={label}>
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={press}>
      <Icon size={19} aria-hidden />
    </ActionIcon>
  </Tooltip>
);
