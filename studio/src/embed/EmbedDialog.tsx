import { Modal } from "@mantine/core";
import { useBench, useDesk } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { useReturnFocus } from "../commands/use-return-focus.js";
import { DialogSkeleton } from "../publish/DialogSkeleton.js";

export const EMBED = "embed";
const embed = lazyScript(() => import("./Embed.js").then((module) => module.Embed));

/** How a flow comes on a site: what to put there, who may, and a page to try it. */
export function EmbedDialog() {
  const { bench } = useDesk();
  const opened = useBench(({ over }) => over === EMBED);
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal opened={opened} onClose={close} returnFocus={false} size={720} title="Show it on a site">
      {opened && (
        <LazyPart script={embed} what="What to put on the site" loading={<DialogSkeleton />}>
          {(Embed) => <Embed />}
        </LazyPart>
      )}
    </Modal>
  );
}
