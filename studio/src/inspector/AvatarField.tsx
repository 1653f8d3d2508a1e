import { pictureAt } from "@parley/shared/flow/pictures";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { addAvatar } from "../pictures/add-pictures.js";
import { PictureField } from "../pictures/PictureField.js";
import { CheckedField } from "./CheckedField.js";
import { readAvatar } from "./setting-rules.js";

const LABEL = "Picture of the bot";

/** The picture beside what the bot says: uploaded, or anywhere by its address. */
export function AvatarField({ value, change }: { value: string; change: (address: string) => void }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  return (
    <PictureField
      label={LABEL}
      src={pictureAt(value) === undefined ? undefined : value}
      readOnly={readOnly}
      take={(files) => addAvatar(desk, files)}
      remove={() => change("")}
    >
      <CheckedField
        label={LABEL}
        description="Its address, or one that you upload."
        placeholder="https://example.org/bot.png"
        value={value}
        read={readAvatar}
        change={change}
      />
    </PictureField>
  );
}
