import { Button } from "@mantine/core";
import { IconPhotoPlus } from "@tabler/icons-react";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { LazyPart, lazyScript } from "../app/LazyPart.js";
import { readText } from "../document/commands/text.js";
import { hasPicture } from "../document/picture-text.js";
import { addPictures } from "./add-pictures.js";
import { choosePictures } from "./picture-files.js";
import classes from "./StepPictures.module.css";

const list = lazyScript(() => import("./picture-part.js").then((module) => module.PictureList));

/** The pictures below the text of a step, and a way to more of them. */
export function StepPictures({ step }: { step: string }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const has = useEditor(({ draft }) => hasPicture(readText(draft, { step, field: "text" })));
  const choose = () => choosePictures((files) => addPictures(desk, files, { step }));
  return (
    <>
      {has && (
        <LazyPart script={list} what="The pictures" loading={null}>
          {(List) => <List step={step} />}
        </LazyPart>
      )}
      {!readOnly && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.add ?? ""}
          leftSection={<IconPhotoPlus size={15} stroke={1.8} aria-hidden />}
          onClick={choose}
        >
          Add a picture
        </Button>
      )}
    </>
  );
}
