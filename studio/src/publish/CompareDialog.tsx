import { Modal } from "@mantine/core";
import { useBench, useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import { DialogSkeleton } from "./DialogSkeleton.js";
import { overlayOf } from "./overlay-name.js";

const compare = lazyScript(() => import("./Compare.js").then((module) => module.Compare));

/** Any two versions beside each other, or one beside the draft. */
export function CompareDialog() {
  const { bench } = useDesk();
  const { opened, of } = overlayOf(
    useBench(({ over }) => over),
    "compare",
  );
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal opened={opened} onClose={close} returnFocus={false} size={720} title="Compare">
      {opened && (
        <LazyPart script={compare} what="The versions" loading={<DialogSkeleton />}>
          {(Compare) => <Compare first={of} />}
        </LazyPart>
      )}
    </Modal>
  );
}
