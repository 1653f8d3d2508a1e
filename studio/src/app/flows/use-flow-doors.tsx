import { IconFileImport, IconPencil, IconTemplate, type TablerIcon } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { WRITE_FIRST, WRITE_SCRIPT } from "../router.js";
import { ExampleChooser } from "./ExampleChooser.js";
import { FLOW_FILES } from "./read-flow-files.js";
import type { FlowActions } from "./use-flow-actions.js";

type Door = {
  readonly title: string;
  readonly text: string;
  readonly icon: TablerIcon;
  readonly open: () => void;
  /** Another way through the same door. */
  readonly second?: { readonly title: string; readonly open: () => void };
};

/** The ways to a new flow, and what they need on the page (`also`). */
export function useFlowDoors({ create, open }: FlowActions) {
  const input = useRef<HTMLInputElement>(null);
  const [choosing, setChoosing] = useState(false);
  const doors: readonly Door[] = [
    {
      title: "Write",
      text: "Begin with one message and go on from there.",
      icon: IconPencil,
      open: () => create({ kind: "blank" }, WRITE_FIRST),
      second: { title: "Paste a script", open: () => create({ kind: "blank" }, WRITE_SCRIPT) },
    },
    {
      title: "Start from an example",
      text: "A booking, a survey, a quiz: play it, take it and change it.",
      icon: IconTemplate,
      open: () => setChoosing(true),
    },
    {
      title: "Open a file",
      text: "A flow that you have as a .json file. It can also be dropped here.",
      icon: IconFileImport,
      open: () => input.current?.click(),
    },
  ];
  const also = (
    <>
      <input
        ref={input}
        type="file"
        accept={FLOW_FILES}
        multiple
        hidden
        onChange={({ currentTarget }) => {
          open([...(currentTarget.files ?? [])]);
          // The same file may be chosen again, after it was corrected.
          currentTarget.value = "";
        }}
      />
      <ExampleChooser
        opened={choosing}
        close={() => setChoosing(false)}
        choose={(template) => create({ kind: "template", template })}
      />
    </>
  );
  return { doors, also };
}
