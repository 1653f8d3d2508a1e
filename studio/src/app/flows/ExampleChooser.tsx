import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useReturnFocus } from "../../commands/use-return-focus.js";
import { FRAME } from "../../theme/theme.js";
import { LazyPart, lazyScript } from "../LazyPart.js";
import { ExamplesSkeleton } from "./ExamplesSkeleton.js";

type ChooserProps = { opened: boolean; close: () => void; choose: (template: string) => Promise<void> };

const examples = lazyScript(() => import("./Examples.js").then((module) => module.Examples));

/** The examples, each of which can be played before it is taken. */
export function ExampleChooser({ opened, close, choose }: ChooserProps) {
  const narrow = useMediaQuery(`(max-width: ${FRAME.narrow - 0.02}px)`, false, { getInitialValueInEffect: false });
  const back = useReturnFocus(opened);
  const leave = () => {
    close();
    back();
  };
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title="Start from an example"
      size="min(1040px, 100%)"
      fullScreen={narrow}
      returnFocus={false}
    >
      <LazyPart script={examples} what="The examples" loading={<ExamplesSkeleton />}>
        {(Examples) => <Examples narrow={narrow} choose={choose} />}
      </LazyPart>
    </Modal>
  );
}
