import { SegmentedControl } from "@mantine/core";
import { useDesk, useEditor } from "./desk.js";

/** Steps or States. */
export function ViewSwitch() {
  const { editor } = useDesk();
  const view = useEditor((state) => state.view);
  return (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(value) => editor.getState().setView(value as typeof view)}
      data={[
        { value: "steps", label: "Steps" },
        { value: "states", label: "States" },
      ]}
    />
  );
}
