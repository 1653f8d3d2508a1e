import { Modal, Text } from "@mantine/core";
import type { Action } from "../app/editor/action.js";
import { useBench, useDesk } from "../app/editor/desk.js";
import { isMac, keyLabel } from "../app/editor/keys.js";
import classes from "./KeysDialog.module.css";
import { useReturnFocus } from "./use-return-focus.js";

/** The keys, from the same table that listens to them. */
export function KeysDialog() {
  const { bench } = useDesk();
  const opened = useBench((bench) => bench.over === "keys");
  const back = useReturnFocus(opened);
  const close = () => {
    bench.setState({ over: undefined });
    back();
  };
  return (
    <Modal opened={opened} onClose={close} title="Keys" size={900} returnFocus={false}>
      <Keys />
    </Modal>
  );
}

/** Keys that are not one action each: they walk, hold, or belong to the pointer. */
const WALKING: readonly (readonly [string, ...string[]])[] = [
  ["Walk along the conversation", "arrowleft", "arrowright", "arrowup", "arrowdown"],
  ["Select more", "shift+arrowdown"],
  ["What can be done here", "shift+f10"],
  ["Outline: open, close", "arrowright", "arrowleft"],
  ["Outline: first, last", "home", "end"],
  ["Outline: move up, down in the file", "alt+arrowup", "alt+arrowdown"],
  ["Pan by dragging", "space"],
];
/** What keys do while a text is edited on its card. */
const WRITING: readonly (readonly [string, ...string[]])[] = [
  ["Go on: the next message, the next answer", "enter"],
  ["Go on to what follows, to the placeholder", "tab"],
  ["Where nothing follows a message: its first answer", "tab"],
  ["A new line", "shift+enter"],
  ["Bold", "mod+b"],
  ["Italic", "mod+i"],
  ["Code", "mod+e"],
  ["Back to the drawing", "escape"],
];
/** What keys do in the fields of a question's answers beside the drawing. */
const ANSWERS: readonly (readonly [string, ...string[]])[] = [
  ["A new answer below", "enter"],
  ["After typing: the next answer", "tab"],
  ["Where the answer leads", "mod+enter"],
  ["Move the answer up, down", "alt+arrowup", "alt+arrowdown"],
];
const GROUPS: readonly Action["group"][] = ["Add", "Edit", "Arrange", "View", "Go", "File"];

function Keys() {
  const { actions } = useDesk();
  const mac = isMac();
  const sections = GROUPS.map((group) => ({
    group,
    rows: actions.flatMap((action) => {
      const keys = [...(action.shown === undefined ? [] : [action.shown]), ...(action.keys ?? [])];
      return action.group === group && keys.length > 0 ? [{ label: action.label, keys }] : [];
    }),
  }));
  const walking = { group: "Walk", rows: WALKING.map(([label, ...keys]) => ({ label, keys })) };
  const writing = { group: "Write on a card", rows: WRITING.map(([label, ...keys]) => ({ label, keys })) };
  const answers = { group: "Answers in the panel", rows: ANSWERS.map(([label, ...keys]) => ({ label, keys })) };
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        Keys without {mac ? "⌘" : "Ctrl"} work where steps have the focus: in the drawing and in the outline.
      </Text>
      <div className={classes.columns}>
        {[walking, writing, answers, ...sections]
          .filter(({ rows }) => rows.length > 0)
          .map(({ group, rows }) => (
            <section key={group} className={classes.section} aria-label={group}>
              <h3 className={classes.group}>{group}</h3>
              <dl className={classes.rows}>
                {rows.map(({ label, keys }) => (
                  <div key={label} className={classes.row}>
                    <dt>{label}</dt>
                    <dd>
                      {keys.map((key) => (
                        <kbd key={key} className={classes.key}>
                          {keyLabel(key, mac)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </>
  );
}
