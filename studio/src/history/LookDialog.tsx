import { Button, Group, Modal, Skeleton, Text } from "@mantine/core";
import { useId } from "react";
import { DeskProvider } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { Canvas } from "../canvas/Canvas.js";
import { Inspector } from "../inspector/Inspector.js";
import { type DraftState, timeOf } from "./history-words.js";
import classes from "./LookDialog.module.css";
import { RestoreButton } from "./RestoreButton.js";
import type { Earlier } from "./use-history.js";
import { useEarlier, useLookDesk } from "./use-look.js";

type LookProps = { state: DraftState; restore: () => Promise<void>; close: () => void };

/** What the flow looked like, to be walked through before it is brought back. Nothing in it can be changed. */
export function LookDialog({ state, restore, close }: LookProps) {
  const time = timeOf(state.at);
  const words = useId();
  const { load, retry } = useEarlier(state);
  const bring = async () => {
    await restore();
    close();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={`What was there at ${time}`}
      aria-describedby={words}
      size="100%"
      returnFocus={false}
      classNames={{ content: classes.content ?? "", body: classes.body ?? "" }}
      padding="md"
    >
      <Group justify="space-between" gap="sm" className={classes.head ?? ""}>
        <Text size="sm" c="dimmed" id={words}>
          Saved by {state.by}. You can look at everything and change nothing.
        </Text>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={close}>
            Close
          </Button>
          <RestoreButton what={`what was there at ${time}`} restore={bring} />
        </Group>
      </Group>
      <Loaded load={load} retry={retry} what="This state" loading={<Skeleton className={classes.drawing ?? ""} />}>
        {(earlier) => <Look earlier={earlier} />}
      </Loaded>
    </Modal>
  );
}

function Look({ earlier }: { earlier: Earlier }) {
  const desk = useLookDesk(earlier);
  if (desk === undefined) return null;
  return (
    <DeskProvider value={desk}>
      {earlier.text !== undefined && (
        <Text size="sm" className={classes.unread ?? ""}>
          The text of the file could not be read then. This is the last that could.
        </Text>
      )}
      <div className={classes.drawing}>
        <div className={classes.canvas}>
          <Canvas />
        </div>
        <section className={classes.panel} aria-label="What is selected">
          <Inspector />
        </section>
      </div>
    </DeskProvider>
  );
}
