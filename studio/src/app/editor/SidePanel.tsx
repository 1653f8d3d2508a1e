import { ActionIcon, Tabs } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { STEP_DRAG_TYPE } from "../../canvas/kinds.js";
import { type Bench, showPanel } from "./bench.js";
import { useBench, useDesk } from "./desk.js";
import { PANELS } from "./panels.js";
import classes from "./SidePanel.module.css";
import { focusSteps } from "./steps-focus.js";

const isNewStep = ({ types }: DataTransfer): boolean => types.includes(STEP_DRAG_TYPE);

/** One side of the frame: the panels of that place as tabs, or (`only`) one panel on a narrow screen. Nothing when closed. */
export function SidePanel(props: { place: keyof Bench["panels"] } | { only: string }) {
  const { bench } = useDesk();
  const open = useBench(({ panels }) => ("only" in props ? props.only : panels[props.place]));
  const current = PANELS.find(({ id }) => id === open);
  if (current === undefined) return null;
  if ("only" in props)
    return (
      <section className={classes.only} aria-label={current.title}>
        <current.Content />
      </section>
    );
  const { place } = props;
  const panels = PANELS.filter((panel) => panel.place === place);
  return (
    <Tabs
      className={classes.panel ?? ""}
      component="aside"
      data-place={place}
      data-wide={current.wide}
      value={current.id}
      onChange={(id) => id !== null && showPanel(bench, place, id)}
      aria-label={current.title}
    >
      <div className={classes.head}>
        <Tabs.List className={classes.tabs ?? ""}>
          {panels.map(({ id, title, Badge }) => (
            <Tabs.Tab
              key={id}
              value={id}
              rightSection={Badge && <Badge />}
              // What is dragged from one panel may be meant for another of the same place.
              onDragEnter={({ dataTransfer }) => isNewStep(dataTransfer) && showPanel(bench, place, id)}
            >
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={`Close ${current.title}`}
          onClick={() => {
            bench.setState(({ panels }) => ({ panels: { ...panels, [place]: undefined } }));
            // The button goes with its panel.
            requestAnimationFrame(() => document.activeElement === document.body && focusSteps());
          }}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <Tabs.Panel value={current.id} className={classes.content ?? ""} tabIndex={-1}>
        <current.Content />
      </Tabs.Panel>
    </Tabs>
  );
}
