import { notifications } from "@mantine/notifications";
import type { Point } from "@parley/shared/flow/layout";
import type { Desk } from "../app/editor/desk.js";
import type { Step, StepKind } from "../document/steps.js";

const SHOW_PICTURES: ReadonlySet<StepKind> = new Set(["message", "question", "text", "hand-off"]);

/** Whether the text of a step may hold pictures: the words of a button do not. */
export const showsPictures = <Shown extends Pick<Step, "kind">>(step: Shown | undefined): step is Shown =>
  step !== undefined && SHOW_PICTURES.has(step.kind);

/** Where pictures go: below the text of a step, or into a message of their own. */
export type PlaceOfPictures = { readonly step: string } | { readonly at: Point | undefined };

/** Uploads pictures and puts them in. What it takes is loaded when it is needed. */
export const addPictures = (desk: Desk, files: readonly File[], to: PlaceOfPictures): void =>
  withPictures((part) => part.takePictures(desk, files, to));

/** Uploads a picture of the bot. */
export const addAvatar = (desk: Desk, files: readonly File[]): void =>
  withPictures((part) => part.takeAvatar(desk, files));

/** Uploads a picture of oneself; `use` gets its name. */
export const addFace = (files: readonly File[], use: (name: string) => void): void =>
  withPictures(async (part) => {
    const name = await part.takeFace(files);
    if (name !== undefined) use(name);
  });

function withPictures(use: (part: typeof import("./picture-part.js")) => Promise<void>): void {
  import("./picture-part.js").then(use, () =>
    notifications.show({
      color: "red",
      title: "The picture was not added",
      message: "The server cannot be reached. Try again.",
    }),
  );
}
