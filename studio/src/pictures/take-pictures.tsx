import { Button, Group, Progress } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { StoredPicture } from "@parley/shared/api/pictures";
import { picturePath } from "@parley/shared/flow/pictures";
import { picturesOfText } from "@parley/shared/flow/text-pictures";
import { showPanel } from "../app/editor/bench.js";
import { type Desk, isReadOnly } from "../app/editor/desk.js";
import { addMessage } from "../document/commands/add.js";
import { setSetting } from "../document/commands/settings.js";
import { placeOfText, readText, setText } from "../document/commands/text.js";
import { withPicture } from "../document/picture-text.js";
import { withAppearance } from "../inspector/setting-rules.js";
import type { PlaceOfPictures } from "./add-pictures.js";
import { altWanted } from "./alt-wanted.js";
import { uploadPicture } from "./upload.js";

/** Uploads pictures one after the other and puts each in; then its alternative text is asked for. */
export async function takePictures(desk: Desk, files: readonly File[], to: PlaceOfPictures): Promise<void> {
  let place = to;
  for (const file of files) {
    const before = focusOf(desk, place);
    const picture = await upload(desk, file);
    if (picture === undefined) return;
    const step = put(desk, picture, place);
    if (step === undefined) return refused("The step is not there any more.");
    place = { step };
    askForAlt(desk, step, before);
  }
}

/** Uploads the picture of the bot. */
export async function takeAvatar(desk: Desk, [file]: readonly File[]): Promise<void> {
  const picture = file && (await upload(desk, file));
  if (picture === undefined || isReadOnly(desk)) return;
  const { draft, run } = desk.editor.getState();
  const look = withAppearance(draft.settings.appearance, "avatar", picturePath(picture.name));
  run(setSetting(draft, { key: "appearance", ...(look && { value: look }) }), "Change the picture");
}

/** @returns the step that has it now; undefined: it cannot have it */
function put(desk: Desk, { name, width, height }: StoredPicture, to: PlaceOfPictures): string | undefined {
  const { draft, run } = desk.editor.getState();
  if (isReadOnly(desk)) return undefined;
  const picture = { src: picturePath(name), width: String(width), height: String(height) };
  if ("step" in to) {
    const at = { step: to.step, field: "text" } as const;
    if (placeOfText(draft, at) === undefined) return undefined;
    run(setText(draft, { ...at, text: withPicture(readText(draft, at), picture) }), "Add a picture");
    return to.step;
  }
  // Not its text is asked for next.
  const { focus: _, ...result } = addMessage(draft, { text: withPicture("", picture), ...(to.at && { at: to.at }) });
  run(desk.canvas.current?.settled(result) ?? result, "Add a picture");
  return result.select?.[0];
}

/** What has the keyboard, and the text that may be typed there. */
const focusOf = ({ editor }: Desk, to: PlaceOfPictures) => ({
  element: document.activeElement,
  text: "step" in to ? readText(editor.getState().draft, { step: to.step, field: "text" }) : "",
});

/** The keyboard goes to the alternative text, unless somebody has gone on writing meanwhile. */
function askForAlt(desk: Desk, step: string, before: ReturnType<typeof focusOf>): void {
  const { draft, selection, select } = desk.editor.getState();
  const text = readText(draft, { step, field: "text" });
  const wentOn = document.activeElement !== before.element || !text.startsWith(before.text);
  if (wentOn) return;
  if (selection.length !== 1 || selection[0] !== step) select([step]);
  showPanel(desk.bench, "right", "inspector");
  altWanted.setState({ step, n: picturesOfText(text).length - 1 });
}

let uploads = 0;

/** Uploads a picture of oneself. @returns its name; undefined: it was refused, which has been said, or was stopped */
export const takeFace = async ([file]: readonly File[]): Promise<string | undefined> =>
  file && (await upload(undefined, file))?.name;

/** @param desk where its flow is edited; without one it is for one's profile. @returns undefined: it was refused, which has been said, or was stopped */
async function upload(desk: Desk | undefined, file: File): Promise<StoredPicture | undefined> {
  const stop = new AbortController();
  const id = `upload-${++uploads}`;
  const shown = (part: number) => ({
    id,
    autoClose: false as const,
    withCloseButton: false,
    title: `Uploading ${file.name}`,
    message: (
      <Group wrap="nowrap" gap="sm">
        <Progress flex={1} value={100 * part} aria-label={`Uploading ${file.name}`} />
        <Button size="compact-sm" variant="light" flex="none" onClick={() => stop.abort()}>
          Stop
        </Button>
      </Group>
    ),
  });
  notifications.show(shown(0));
  try {
    const flow = desk && { flow: desk.editor.getState().flowId };
    const progress = (part: number) => notifications.update(shown(part));
    return await uploadPicture({ ...flow, file, progress, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) refused((error as Error).message, file.name);
    return undefined;
  } finally {
    notifications.hide(id);
  }
}

const refused = (message: string, name = "The picture"): void =>
  void notifications.show({ color: "red", title: `${name} was not added`, message });
