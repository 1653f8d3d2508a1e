import { IconPhotoPlus } from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import { handStep } from "../canvas/hand.js";
import { addPictures, showsPictures } from "./add-pictures.js";
import { choosePictures } from "./picture-files.js";

export const PICTURE_ACTIONS: readonly Action[] = [
  {
    id: "add-picture",
    label: "Add a picture…",
    group: "Edit",
    icon: IconPhotoPlus,
    where: "everywhere",
    edits: true,
    words: "image photo upload gif illustration",
    enabled: (desk) => showsPictures(handStep(desk)),
    run: (desk) => {
      const step = handStep(desk)!.id;
      choosePictures((files) => addPictures(desk, files, { step }));
    },
  },
];
