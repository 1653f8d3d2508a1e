import { Modal } from "@mantine/core";
import { useBench, useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import { DialogSkeleton } from "../publish/DialogSkeleton.js";
import { SCRIPT } from "./pending.js";

const board = lazyScript(() => import("./ScriptBoard.js").then((module) => module.ScriptBoard));

/** Plain text on one side, the steps that it is on the other. */
export function ScriptDialog() {
  const { bench } = useDesk();
  const opened = useBench(({ over }) => over === SCRIPT);
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal opened={opened} onClose={close} returnFocus={false} size="min(1240px, 100%)" title="Write as a script">
      {opened && (
        <LazyPart script={board} what="The place to write" loading={<DialogSkeleton />}>
          {(ScriptBoard) => <ScriptBoard close={close} />}
        </LazyPart>
      )}
    </Modal>
  );
}
