import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconMaximize, IconMinus, IconPlus, IconSitemap } from "@tabler/icons-react";
import { Panel, useStore } from "@xyflow/react";
import { memo } from "react";
import { useDesk, useReadOnly } from "../app/editor/desk.js";
import { isMac, keyLabel } from "../app/editor/keys.js";
import classes from "./CanvasControls.module.css";

const percent = (state: { transform: [number, number, number] }) => Math.round(state.transform[2] * 100);

/** Zoom, fit and tidy up, in the corner. */
export const CanvasControls = memo(function CanvasControls() {
  const { canvas } = useDesk();
  const zoom = useStore(percent);
  const readOnly = useReadOnly();
  return (
    <Panel position="bottom-left" className={classes.panel ?? ""}>
      <Control label="Zoom out" keys="-" icon={IconMinus} run={() => canvas.current?.zoom("out")} />
      <Tooltip label="Zoom to 100 % (0)">
        <UnstyledButton className={classes.percent} tabIndex={-1} onClick={() => canvas.current?.zoom(1)}>
          {zoom} %
        </UnstyledButton>
      </Tooltip>
      <Control label="Zoom in" keys="+" icon={IconPlus} run={() => canvas.current?.zoom("in")} />
      <span className={classes.line} />
      <Control label="See everything" keys="1" icon={IconMaximize} run={() => canvas.current?.fit()} />
      {!readOnly && (
        <Control label="Tidy up" keys="shift+alt+t" icon={IconSitemap} run={() => void canvas.current?.tidy()} />
      )}
    </Panel>
  );
});

type ControlProps = { label: string; keys: string; icon: typeof IconPlus; run: () => void };

/** Not a tab stop: the canvas is one, and each of these has a key on it. */
function Control({ label, keys, icon: Icon, run }: ControlProps) {
  return (
    <Tooltip label={`${label} (${keyLabel(keys, isMac())})`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.control ?? ""}
        tabIndex={-1}
        aria-label={label}
        onClick={run}
      >
        <Icon size={17} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
