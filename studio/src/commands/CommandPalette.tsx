import { Modal } from "@mantine/core";
import { useMemo, useState } from "react";
import { useBench, useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { isMac } from "../app/editor/keys.js";
import { type Command, doable, fittingCommands } from "./commands.js";
import { SearchList } from "./SearchList.js";
import { useReturnFocus } from "./use-return-focus.js";

/** The field says what it is; the dialog's name is for who hears it. */
const UNSEEN = { header: "parley-unseen" };

/** Everything one can do, and every step, by their words. */
export function CommandPalette() {
  const { bench } = useDesk();
  const opened = useBench((bench) => bench.over === "commands");
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="10vh"
      centered={false}
      returnFocus={false}
      // It is there at once: what is typed next is for it.
      transitionProps={{ duration: 0 }}
      title="Commands"
      classNames={UNSEEN}
    >
      {opened && <Commands close={close} />}
    </Modal>
  );
}

function Commands({ close }: { close: () => void }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const graph = useEditor((state) => state.steps);
  const [words, setWords] = useState("");
  const commands = useMemo(() => doable(desk, readOnly, isMac()), [desk, readOnly]);
  const take = (command: Command) => {
    close();
    if ("action" in command) return command.action.run(desk);
    desk.editor.getState().select([command.step]);
    desk.bench.setState({ edge: undefined, port: undefined });
    desk.canvas.current?.reveal(command.step, true);
  };
  return (
    <SearchList
      label="What would you like to do?"
      options={fittingCommands(commands, graph, words)}
      words={words}
      search={setWords}
      take={take}
      empty="Nothing is called that."
      focused
      height={420}
    />
  );
}
