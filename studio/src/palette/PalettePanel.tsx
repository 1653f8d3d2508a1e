import { Text } from "@mantine/core";
import { useState } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { focusSteps } from "../app/editor/steps-focus.js";
import { SearchList } from "../commands/SearchList.js";
import { type Added, fitting } from "./added.js";
import classes from "./PalettePanel.module.css";

/** What one can add: dragged onto the drawing, or taken to stand after what is in hand. */
export function PalettePanel() {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const [words, setWords] = useState("");
  const take = ({ id }: Added) => {
    if (readOnly) return;
    setWords("");
    // What is added is written next, where it is shown.
    focusSteps();
    desk.actions.find((action) => action.id === `add-${id}`)?.run(desk);
  };
  return (
    <div className={classes.panel}>
      <SearchList
        label="Find what to add"
        options={fitting(words)}
        words={words}
        search={setWords}
        take={take}
        {...(!readOnly && {
          drag: ({ id, type }: Added, transfer: DataTransfer) => {
            transfer.setData(type, id);
            transfer.effectAllowed = "copy";
          },
        })}
        empty="Nothing is called that."
      />
      <Text size="xs" c="dimmed" className={classes.foot ?? ""}>
        {readOnly ? "This can only be looked at." : "Drag onto the drawing, or press to add after the selected step."}
      </Text>
    </div>
  );
}
