import { ActionIcon, Checkbox, Text, TextInput } from "@mantine/core";
import { picturesOfText } from "@parley/shared/flow/text-pictures";
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useDesk, useEditor, useReadOnly } from "../app/editor/desk.js";
import { readText, setText } from "../document/commands/text.js";
import { changePicture, isOwnPicture, type Picture } from "../document/picture-text.js";
import { altWanted } from "./alt-wanted.js";
import classes from "./PictureList.module.css";

/** The pictures in the text of a step, each with what is on it. */
export function PictureList({ step }: { step: string }) {
  const text = useEditor(({ draft }) => readText(draft, { step, field: "text" }));
  return (
    <ul className={classes.list} aria-label="Pictures">
      {picturesOfText(text).map((picture, n) => (
        // A picture may be there twice.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <PictureRow key={`${n} ${picture.src}`} step={step} n={n} picture={picture} />
      ))}
    </ul>
  );
}

function PictureRow({ step, n, picture }: { step: string; n: number; picture: Picture }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const [gone, setGone] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wanted = useStore(altWanted, (one) => one.step === step && one.n === n);
  useEffect(() => {
    if (!wanted) return;
    altWanted.setState({ step: undefined });
    field.current?.focus({ preventScroll: true });
    field.current?.scrollIntoView({ block: "nearest" });
  }, [wanted]);
  const change = (to: (picture: Picture) => Picture | undefined, label: string, key?: string) => {
    const { draft, run } = desk.editor.getState();
    const at = { step, field: "text" } as const;
    run(setText(draft, { ...at, text: changePicture(readText(draft, at), n, to) }), label, key);
  };
  const { alt } = picture;
  const isDecoration = alt === "";
  const setAlt = (to: string | undefined, key?: string) =>
    change(({ alt: _, ...rest }) => (to === undefined ? rest : { ...rest, alt: to }), "Say what is on a picture", key);
  return (
    <li className={classes.row}>
      <div className={classes.frame}>
        {gone || !isOwnPicture(picture) ? (
          <Text size="xs" c="dimmed" ta="center" title={picture.src}>
            {gone ? "Not there" : "On another site"}
          </Text>
        ) : (
          <img
            className={classes.picture}
            src={picture.src}
            alt=""
            referrerPolicy="no-referrer"
            onError={() => setGone(true)}
          />
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label="Remove the picture"
          aria-disabled={readOnly}
          onClick={() => !readOnly && change(() => undefined, "Remove a picture")}
        >
          <IconTrash size={16} stroke={1.8} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.words}>
        <TextInput
          ref={field}
          size="xs"
          label="Alternative text"
          description={alt === undefined ? "What is on it, for those who cannot see it." : undefined}
          placeholder={isDecoration ? "Not read aloud" : "Our shop from the street"}
          disabled={isDecoration}
          readOnly={readOnly}
          value={alt ?? ""}
          onChange={({ currentTarget }) => setAlt(currentTarget.value || undefined, `alt ${step} ${n}`)}
        />
        <Checkbox
          size="xs"
          label="Only decoration"
          checked={isDecoration}
          disabled={readOnly}
          onChange={({ currentTarget }) => setAlt(currentTarget.checked ? "" : undefined)}
        />
        {gone && (
          <Text size="xs" c="var(--parley-problem)">
            This picture is not on this server: remove it, or add it again.
          </Text>
        )}
      </div>
    </li>
  );
}
