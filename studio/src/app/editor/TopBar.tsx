import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { FlowMenu } from "../../commands/FlowMenu.js";
import { PublishButton } from "../../publish/PublishButton.js";
import { AccountMenu } from "../AccountMenu.js";
import { FLOWS_PATH } from "../router.js";
import { followLink } from "../StudioLink.js";
import { ActionButton } from "./ActionButton.js";
import { togglePanel } from "./bench.js";
import { CheckState } from "./CheckState.js";
import { useBench, useDesk } from "./desk.js";
import { FlowTitle } from "./FlowTitle.js";
import { PresentPeople } from "./PresentPeople.js";
import { PANELS } from "./panels.js";
import { SaveState } from "./SaveState.js";
import classes from "./TopBar.module.css";
import { ViewSwitch } from "./ViewSwitch.js";

/** What the flow is called and how it is with it, and what concerns all of it. */
export function TopBar({ title, narrow }: { title: string; narrow: boolean }) {
  return (
    <header className={classes.bar}>
      <Tooltip label="All flows">
        <ActionIcon
          component="a"
          href={FLOWS_PATH}
          onClick={(event) => followLink(event, FLOWS_PATH)}
          variant="subtle"
          color="gray"
          size={36}
          aria-label="All flows"
        >
          <IconArrowLeft size={19} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <div className={classes.what}>
        <FlowTitle title={title} />
        <SaveState />
      </div>
      {!narrow && <ViewSwitch />}
      <div className={classes.tools}>
        <ActionButton id="undo" />
        <ActionButton id="redo" />
        {!narrow && <PanelButtons />}
        <CheckState />
        {!narrow && <PresentPeople />}
        {!narrow && <ActionButton id="share" />}
        {!narrow && <PublishButton />}
        <FlowMenu />
        <AccountMenu />
      </div>
    </header>
  );
}

/** Opens what is closed: one button for each side that has panels. */
function PanelButtons() {
  const { bench } = useDesk();
  const open = useBench(({ panels }) => panels);
  return PANELS.filter(({ place }) => place !== "bottom").map(({ id, title, icon: Icon, place }) => (
    <Tooltip key={id} label={title}>
      <ActionIcon
        variant={open[place] === id ? "light" : "subtle"}
        color={open[place] === id ? "iris" : "gray"}
        size={36}
        aria-label={title}
        aria-pressed={open[place] === id}
        onClick={() => togglePanel(bench, place, id)}
      >
        <Icon size={18} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  ));
}
