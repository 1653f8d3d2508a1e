import { Menu } from "@mantine/core";
import { canRun } from "../app/editor/action.js";
import type { ContextMenu } from "../app/editor/bench.js";
import { useBench, useDesk, useReadOnly } from "../app/editor/desk.js";
import { isMac, keyLabel } from "../app/editor/keys.js";
import { focusSteps } from "../app/editor/steps-focus.js";
import { useTouch } from "../app/use-touch.js";
import { Anchor } from "./Anchor.js";
import classes from "./StepMenu.module.css";

/** Ids of actions by what the menu is about; a gap is a line. What cannot be done is left out. */
const ITEMS: Readonly<Record<"steps" | "canvas" | "edge", readonly (readonly string[])[]>> = {
  steps: [
    ["edit-text", "add-picture", "add-after", "add-answer", "connect", "lead-rest", "insert"],
    ["copy", "cut", "paste", "duplicate", "copy-script"],
    ["name", "earlier", "later"],
    ["preview-here"],
    ["start-here", "disconnect", "group", "ungroup", "tidy-selection"],
    ["align-left", "align-centre", "align-top", "align-middle", "align-across", "align-down"],
    ["delete", "delete-reconnect"],
  ],
  canvas: [
    ["add-message", "add-question", "add-text", "add-note", "write-script"],
    ["paste", "select-all"],
    ["tidy", "fit", "zoom-100", "go-start"],
  ],
  edge: [["insert"], ["delete"]],
};

/** It stays on the screen, wherever it hangs. */
const MIDDLEWARES = { shift: { crossAxis: true, padding: 8 }, flip: false } as const;

/** A menu turns to the other side by itself where there is no room. */
const NO_ROOM = { width: 1, height: 1 };

/** The menu of a right click, a long press or Shift+F10. */
export function StepMenu() {
  const menu = useBench((bench) => bench.menu);
  const { bench } = useDesk();
  const close = () => {
    bench.setState({ menu: undefined });
    focusSteps();
  };
  return (
    <Menu
      opened={menu !== undefined}
      onChange={(opened) => !opened && close()}
      position="bottom-start"
      offset={0}
      width={300}
      middlewares={MIDDLEWARES}
      returnFocus={false}
    >
      <Menu.Target>
        <Anchor at={menu?.anchor} room={NO_ROOM} />
      </Menu.Target>
      <Menu.Dropdown className={classes.menu ?? ""}>
        {menu !== undefined && <Items menu={menu} close={close} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ menu, close }: { menu: ContextMenu; close: () => void }) {
  const desk = useDesk();
  const readOnly = useReadOnly();
  const mac = isMac();
  const touch = useTouch();
  const sections = ITEMS[typeof menu.about === "string" ? menu.about : "edge"]
    .map((ids) =>
      ids.flatMap((id) => {
        const action = desk.actions.find((known) => known.id === id);
        return action !== undefined && canRun(action, desk, readOnly) ? [action] : [];
      }),
    )
    .filter((section) => section.length > 0);
  return sections.map((section, index) => (
    <div key={section[0]!.id}>
      {index > 0 && <Menu.Divider />}
      {section.map((action) => {
        const keys = action.shown ?? action.keys?.[0];
        const Icon = action.icon;
        return (
          <Menu.Item
            key={action.id}
            closeMenuOnClick={false}
            leftSection={Icon ? <Icon size={16} aria-hidden /> : <span className={classes.gap} />}
            rightSection={!touch && keys !== undefined && <kbd className={classes.keys}>{keyLabel(keys, mac)}</kbd>}
            onClick={() => {
              action.run(desk);
              // An action may open a list of its own: the focus is then that one's.
              const { picker } = desk.bench.getState();
              if (picker === undefined) return close();
              const anchor = picker.anchor ?? menu.anchor;
              desk.bench.setState({ menu: undefined, picker: { ...picker, anchor } });
            }}
          >
            {action.label}
          </Menu.Item>
        );
      })}
    </div>
  ));
}
