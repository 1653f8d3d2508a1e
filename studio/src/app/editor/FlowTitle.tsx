import { UnstyledButton } from "@mantine/core";
import { useRef, useState } from "react";
import { setSetting } from "../../document/commands/settings.js";
import { useDesk, useReadOnly } from "./desk.js";
import classes from "./FlowTitle.module.css";

/** The title of the flow; a click writes in it. */
export function FlowTitle({ title }: { title: string }) {
  const { editor } = useDesk();
  const readOnly = useReadOnly();
  const [writing, setWriting] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setWriting(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  if (!writing)
    return (
      <h1 className={classes.heading}>
        <UnstyledButton
          ref={button}
          className={classes.title}
          title={title}
          disabled={readOnly}
          onClick={() => setWriting(true)}
        >
          {title}
        </UnstyledButton>
      </h1>
    );
  return (
    <input
      className={classes.title}
      aria-label="Title"
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
      autoFocus
      maxLength={100}
      defaultValue={title}
      onFocus={(event) => event.currentTarget.select()}
      onChange={({ currentTarget }) => {
        const { draft, run } = editor.getState();
        const value = currentTarget.value.trim();
        run(setSetting(draft, { key: "title", ...(value !== "" && { value }) }), "Rename the flow", "title");
      }}
      onBlur={() => setWriting(false)}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === "Escape") close();
      }}
    />
  );
}
