import { Button, Text } from "@mantine/core";
import { useDesk } from "../app/editor/desk.js";
import { openText } from "./open-text.js";

/** A step that is in no form that can be edited here. */
export function UnreadableStep() {
  const desk = useDesk();
  return (
    <div>
      <Text size="sm" mb="sm">
        This step is not written as it should be. It can be corrected in the text of the file.
      </Text>
      <Button size="xs" variant="default" data-main onClick={() => openText(desk)}>
        Go to the text
      </Button>
    </div>
  );
}
