import { Button, Group, Input } from "@mantine/core";
import { pictureAt } from "@parley/shared/flow/pictures";
import { IconPhotoUp } from "@tabler/icons-react";
import type { DragEvent } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { addAvatar } from "../pictures/add-pictures.js";
import { choosePictures, holdsPictures, picturesOf } from "../pictures/picture-files.js";
import { CheckedField } from "./CheckedField.js";
import classes from "./FlowSettings.module.css";
import { readAvatar } from "./setting-rules.js";

const LABEL = "Picture of the bot";

/** The picture beside what the bot says: uploaded, or anywhere by its address. */
export function AvatarField({ value, change }: { value: string; change: (address: string) => void }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const choose = () => !readOnly && choosePictures((files) => addAvatar(desk, files), false);
  const target = {
    onDragOver: (event: DragEvent) => !readOnly && holdsPictures(event.dataTransfer) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      const files = picturesOf(event.dataTransfer);
      if (readOnly || files.length === 0) return;
      event.preventDefault();
      addAvatar(desk, files);
    },
  };
  if (pictureAt(value) === undefined) {
    return (
      <div {...target}>
        <CheckedField
          label={LABEL}
          description="Its address, or one that you upload."
          placeholder="https://example.org/bot.png"
          value={value}
          read={readAvatar}
          change={change}
        />
        <Button
          mt={8}
          size="xs"
          variant="default"
          leftSection={<IconPhotoUp size={15} stroke={1.8} aria-hidden />}
          aria-disabled={readOnly}
          onClick={choose}
        >
          Upload a picture…
        </Button>
      </div>
    );
  }
  return (
    <Input.Wrapper label={LABEL} labelElement="div" {...target}>
      <Group gap="xs">
        <img className={classes.avatar} src={value} alt="" />
        <Button size="xs" variant="default" aria-disabled={readOnly} onClick={choose}>
          Another picture…
        </Button>
        <Button size="xs" variant="default" aria-disabled={readOnly} onClick={() => !readOnly && change("")}>
          No picture
        </Button>
      </Group>
    </Input.Wrapper>
  );
}
