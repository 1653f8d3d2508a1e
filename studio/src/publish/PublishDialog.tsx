import { Modal } from "@mantine/core";
import { useBench, useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import { DialogSkeleton } from "./DialogSkeleton.js";
import { overlayOf } from "./overlay-name.js";

const publishing = lazyScript(() => import("./Publishing.js").then((module) => module.Publishing));

/** Publishing the draft, or an older version once more: everything one wants to know before, and the button. */
export function PublishDialog() {
  const { bench } = useDesk();
  const { opened, of: back } = overlayOf(
    useBench(({ over }) => over),
    "publish",
  );
  const focusBack = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    focusBack();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      returnFocus={false}
      size={720}
      title={back === undefined ? "Publish" : `Make version ${back} live again`}
    >
      {opened && (
        <LazyPart script={publishing} what="What is live" loading={<DialogSkeleton />}>
          {(Publishing) => <Publishing back={back} close={close} />}
        </LazyPart>
      )}
    </Modal>
  );
}
