import { Modal } from "@mantine/core";
import { useBench, useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import { DialogSkeleton } from "../publish/DialogSkeleton.js";

export const SHARE = "share";
const share = lazyScript(() => import("./Share.js").then((module) => module.Share));

/** A link that shows the draft to somebody without an account, and what came back by such links. */
export function ShareDialog() {
  const { bench } = useDesk();
  const opened = useBench(({ over }) => over === SHARE);
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal opened={opened} onClose={close} returnFocus={false} size={640} title="Share draft">
      {opened && (
        <LazyPart script={share} what="What to share" loading={<DialogSkeleton />}>
          {(Share) => <Share />}
        </LazyPart>
      )}
    </Modal>
  );
}
