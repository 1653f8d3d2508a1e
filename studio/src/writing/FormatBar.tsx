import { ActionIcon, Button, TextInput } from "@mantine/core";
import type { Where } from "@parley/shared/flow/rich-text";
import { IconBold, IconBraces, IconCode, IconItalic, IconLink, IconList, type TablerIcon } from "@tabler/icons-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { isMac, keyLabel } from "../app/editor/keys.js";
import classes from "./RichField.module.css";
import { askForAnswer, toggleCode } from "./typing.js";

type Tool = { label: string; icon: TablerIcon; keys?: string; does: "list" | (() => unknown); in: readonly Where[] };
const BOTH = ["text", "choice"] as const;
const TOOLS: readonly Tool[] = [
  { label: "Bold", icon: IconBold, keys: "mod+b", does: () => document.execCommand("bold"), in: BOTH },
  { label: "Italic", icon: IconItalic, keys: "mod+i", does: () => document.execCommand("italic"), in: BOTH },
  { label: "Code", icon: IconCode, keys: "mod+e", does: toggleCode, in: BOTH },
  { label: "List", icon: IconList, does: "list", in: ["text"] },
  { label: "An answer given before", icon: IconBraces, does: askForAnswer, in: BOTH },
];
/** What a link may lead to (SPEC, Rich text). */
const ADDRESS = /^(?:https?:\/\/|mailto:|tel:|\/(?![/\\]))\S+$/i;

type BarProps = { where: Where; field: RefObject<HTMLElement | null>; list: () => void; done: () => void };

/** What is done with the selected words, over the text. The keyboard stays in the text. */
export function FormatBar({ where, field, list, done }: BarProps) {
  const [linking, setLinking] = useState<Range>();
  const isSelected = useSelected(field);
  const mac = isMac();
  const run = (does: () => unknown) => {
    does();
    done();
  };
  const link = () => {
    const selection = document.getSelection();
    if (selection && selection.rangeCount > 0 && field.current?.contains(selection.anchorNode))
      setLinking(selection.getRangeAt(0).cloneRange());
  };
  // Over an answer the one before it is read, as long as nothing is to be changed.
  if (where === "choice" && !isSelected) return null;
  return (
    <div role="toolbar" aria-label="How it looks" className={`${classes.bar} nodrag nopan`}>
      {linking === undefined ? (
        <>
          {TOOLS.filter((tool) => tool.in.includes(where)).map(({ label, icon: Icon, keys, does }) => (
            <ActionIcon
              key={label}
              variant="subtle"
              color="gray"
              size={28}
              tabIndex={-1}
              aria-label={label}
              title={keys === undefined ? label : `${label} (${keyLabel(keys, mac)})`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => (does === "list" ? list() : run(does))}
            >
              <Icon size={16} aria-hidden />
            </ActionIcon>
          ))}
          {where === "text" && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              tabIndex={-1}
              aria-label="Link"
              title="Link"
              onMouseDown={(event) => event.preventDefault()}
              onClick={link}
            >
              <IconLink size={16} aria-hidden />
            </ActionIcon>
          )}
        </>
      ) : (
        <LinkForm
          close={(address) => {
            setLinking(undefined);
            field.current?.focus();
            const selection = document.getSelection();
            selection?.removeAllRanges();
            selection?.addRange(linking);
            if (address !== undefined) run(() => setLink(linking, address));
          }}
        />
      )}
    </div>
  );
}

/** Whether some of the text is selected. */
function useSelected(field: RefObject<HTMLElement | null>): boolean {
  const [isSelected, setSelected] = useState(false);
  useEffect(() => {
    const look = () => {
      const selection = document.getSelection();
      setSelected(
        selection !== null && !selection.isCollapsed && field.current?.contains(selection.anchorNode) === true,
      );
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [field]);
  return isSelected;
}

/** Leads the selected words, or the address itself, to an address. */
function setLink(range: Range, address: string): void {
  if (range.collapsed) range.insertNode(document.createTextNode(address));
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  document.execCommand("createLink", false, address);
  selection?.collapseToEnd();
}

function LinkForm({ close }: { close: (address?: string) => void }) {
  const [address, setAddress] = useState("https://");
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = () => {
    if (ADDRESS.test(address.trim())) close(address.trim());
    else setWrong(true);
  };
  return (
    <>
      <TextInput
        ref={input}
        size="xs"
        aria-label="Address of the link"
        error={wrong && "It begins with https://, mailto:, tel: or /"}
        value={address}
        autoFocus
        className={classes.address ?? ""}
        onChange={(event) => setAddress(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          if (event.key === "Enter") take();
          else close();
        }}
      />
      <Button size="compact-xs" onClick={take}>
        Link
      </Button>
    </>
  );
}
