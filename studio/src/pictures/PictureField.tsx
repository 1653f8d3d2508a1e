import { Button, Group, Input } from "@mantine/core";
import { IconPhotoUp } from "@tabler/icons-react";
import type { DragEvent, ReactNode } from "react";
import classes from "./PictureField.module.css";
import { choosePictures, holdsPictures, picturesOf } from "./picture-files.js";

type PictureFieldProps = {
  label: string;
  /** The address of the picture that there is. */
  src: string | undefined;
  readOnly?: boolean;
  take: (files: readonly File[]) => void;
  remove: () => void;
  /** Above the button, while there is none. */
  children?: ReactNode;
};

/** One picture: chosen or dropped, another in its place, or none. */
export function PictureField({ label, src, readOnly = false, take, remove, children }: PictureFieldProps) {
  const choose = () => !readOnly && choosePictures(take, false);
  const target = {
    onDragOver: (event: DragEvent) => !readOnly && holdsPictures(event.dataTransfer) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      const files = picturesOf(event.dataTransfer);
      if (readOnly || files.length === 0) return;
      event.preventDefault();
      take(files);
    },
  };
  if (src === undefined) {
    return (
      <div {...target}>
        {children}
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
    <Input.Wrapper label={label} labelElement="div" {...target}>
      <Group gap="xs">
        <img className={classes.picture} src={src} alt="" />
        <Button size="xs" variant="default" aria-disabled={readOnly} onClick={choose}>
          Another picture…
        </Button>
        <Button size="xs" variant="default" aria-disabled={readOnly} onClick={() => !readOnly && remove()}>
          No picture
        </Button>
      </Group>
    </Input.Wrapper>
  );
}
