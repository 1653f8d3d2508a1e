import { Stack, TextInput } from "@mantine/core";
import type { Group } from "@parley/shared/flow/layout";
import { IconSquareDashed } from "@tabler/icons-react";
import { ActionButton } from "../app/editor/ActionButton.js";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { setGroup } from "../document/commands/drawing.js";
import { ActionRow } from "./ActionRow.js";
import { PanelHead } from "./PanelHead.js";
import { StepLinks } from "./StepLinks.js";

/** A frame around steps: its title, and what is in it. */
export function GroupPanel({ group }: { group: Group }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const { byId, stepOf } = useEditor((state) => state.steps);
  const ids = new Set(group.states.map((state) => stepOf.get(state) ?? state));
  const steps = [...ids].flatMap((id) => byId.get(id) ?? []);
  return (
    <Stack gap="lg">
      <PanelHead icon={IconSquareDashed} colour="select" title="Group" actions={<ActionButton id="delete" />} />
      <TextInput
        label="Title"
        placeholder="What these steps do together"
        maxLength={200}
        readOnly={readOnly}
        value={group.title}
        onChange={(event) => {
          const { draft, run } = editor.getState();
          run(setGroup(draft, { id: group.id, title: event.currentTarget.value }), "Name a group", `group ${group.id}`);
        }}
      />
      <StepLinks title="Steps in it" steps={steps} />
      <ActionRow ids={["ungroup"]} />
    </Stack>
  );
}
