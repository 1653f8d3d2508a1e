import { Button, Group, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useDesk } from "../app/editor/desk.js";
import classes from "./PublishDialog.module.css";

/** It is live, and what one may want to do next. */
export function PublishDone({ version, close }: { version: number; close: () => void }) {
  const { bench } = useDesk();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className={classes.done}>
      <IconCircleCheck size={44} stroke={1.4} className={classes.doneIcon} aria-hidden />
      <div role="status">
        <Text fw={600}>Version {version} is live</Text>
        <Text size="sm" c="dimmed">
          Whoever begins a conversation now talks to it. Conversations under way are finished on their version.
        </Text>
      </div>
      <Group>
        <Button variant="default" onClick={() => bench.setState({ over: "embed" })}>
          Show it on a site…
        </Button>
        <Button ref={button} onClick={close}>
          Close
        </Button>
      </Group>
    </div>
  );
}
