import type { InboxRow } from "@parley/shared/api/inbox";
import { useEffect, useRef } from "react";
import classes from "./InboxScreen.module.css";

/** What the keys of the inbox do; where one of these is not there, its key does nothing. */
type Keys = {
  readonly rows: readonly InboxRow[];
  readonly shown: string | undefined;
  readonly open: (row: InboxRow) => void;
  /** The conversation that waits longest. */
  readonly next: InboxRow | undefined;
  readonly take?: () => void;
  readonly reply?: () => void;
  readonly giveBack?: () => void;
  readonly pass?: () => void;
  readonly help: () => void;
};

const TABLE: readonly (readonly [key: string, label: string, what: string])[] = [
  ["ArrowUp", "↑", "The conversation above"],
  ["ArrowDown", "↓", "The conversation below"],
  ["n", "N", "The next one that waits"],
  ["t", "T", "Take it"],
  ["r", "R", "Reply"],
  ["p", "P", "Pass it on"],
  ["g", "G", "Give it back to the bot"],
  ["Escape", "Esc", "Out of the field, to these keys"],
  ["?", "?", "These keys"],
];

/** The keys, from the same table that listens to them. */
export function KeyList() {
  return (
    <dl className={classes.keys}>
      {TABLE.map(([key, label, what]) => [
        <dt key={`${key} what`}>{what}</dt>,
        <dd key={`${key} key`}>
          <kbd>{label}</kbd>
        </dd>,
      ])}
    </dl>
  );
}

/** Where keys are other things: in fields and menus all of them, in choices those that walk. */
const TYPED =
  "textarea, select, input:not([type=checkbox], [type=radio]), [role=menu], [role=dialog], [role=application]";
const WALKED = `${TYPED}, [type=radio]`;

/** Listens to the keys of the inbox, but in fields, menus and dialogs, which have their own. */
export function useInboxKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target instanceof Element && target.closest(event.key.length === 1 ? TYPED : WALKED)) return;
      const run = actOf(event.key.length === 1 ? event.key.toLowerCase() : event.key, latest.current);
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function actOf(key: string, keys: Keys): (() => void) | undefined {
  const { rows, shown, open, next } = keys;
  const at = rows.findIndex(({ conversation }) => conversation === shown);
  const to = (row: InboxRow | undefined) => row && (() => open(row));
  switch (key) {
    case "ArrowUp":
      return to(rows[Math.max(0, at - 1)]);
    case "ArrowDown":
      return to(rows[Math.min(rows.length - 1, at + 1)]);
    case "n":
      return to(next);
    case "t":
      return keys.take;
    case "r":
      return keys.reply;
    case "p":
      return keys.pass;
    case "g":
      return keys.giveBack;
    case "?":
      return keys.help;
    default:
      return undefined;
  }
}
