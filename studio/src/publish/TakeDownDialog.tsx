import { Button, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useBench, useDesk } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { useLoad } from "../app/use-load.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import { DialogSkeleton } from "./DialogSkeleton.js";
import { overlayOf } from "./overlay-name.js";
import classes from "./PublishDialog.module.css";
import { takeDown } from "./publish.js";
import { RunningList } from "./RunningList.js";
import { readRunning } from "./read-publishing.js";
import { useLive } from "./use-live.js";

/** Asks before a flow is taken down. */
export function TakeDownDialog() {
  const { bench } = useDesk();
  const { opened } = overlayOf(
    useBench(({ over }) => over),
    "take-down",
  );
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal opened={opened} onClose={close} returnFocus={false} size={520} title="Take down">
      {opened && <TakeDown close={close} />}
    </Modal>
  );
}

function TakeDown({ close }: { close: () => void }) {
  const desk = useDesk();
  const { version } = useLive();
  const { load, retry } = useLoad((signal) => readRunning(desk, signal), "running");
  const [why, setWhy] = useState<string>();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await takeDown(desk, version?.version ?? 0);
      close();
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <>
      <Text size="sm" mb="md">
        Nobody can begin a conversation any more. Who is in one can finish it. Every version stays, and can be published
        again.
      </Text>
      <Loaded load={load} retry={retry} what="Who is in a conversation" loading={<DialogSkeleton />}>
        {(running) => <RunningList {...running} />}
      </Loaded>
      <div className={classes.foot}>
        <span className={classes.why} role="alert">
          {why}
        </span>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button color="red" aria-disabled={busy} onClick={() => !busy && void run()}>
          Take down
        </Button>
      </div>
    </>
  );
}
