import { useMediaQuery } from "@mantine/hooks";
import { useEffect } from "react";
import { Canvas } from "../../canvas/Canvas.js";
import { StepMenu } from "../../canvas/StepMenu.js";
import { StepPicker } from "../../canvas/StepPicker.js";
import { FRAME } from "../../theme/theme.js";
import { wasPressed } from "../first-press.js";
import { Banners } from "./Banners.js";
import { showPanel } from "./bench.js";
import { useBench, useDesk, useEditor } from "./desk.js";
import classes from "./EditorFrame.module.css";
import { NarrowTabs } from "./NarrowTabs.js";
import { OVERLAYS, PANELS } from "./panels.js";
import { Says } from "./Says.js";
import { SidePanel } from "./SidePanel.js";
import { focusSteps, useStepsFocus } from "./steps-focus.js";
import { TopBar } from "./TopBar.js";
import { useKeys } from "./use-keys.js";
import { ViewSwitch } from "./ViewSwitch.js";

/** Bar, canvas, and the panels around it. On a narrow screen one of them at a time. */
export function EditorFrame({ title }: { title: string }) {
  const { actions, bench } = useDesk();
  useKeys(actions);
  useStepsFocus();
  useFocusedPanel();
  useFirstFocus();
  const settings = useEditor((state) => state.draft.settings);
  const shownTitle = settings.title || title;
  useEffect(() => {
    document.title = `${shownTitle} · Parley`;
  }, [shownTitle]);
  const narrow = useMediaQuery(`(max-width: ${FRAME.narrow - 0.02}px)`, window.innerWidth < FRAME.narrow, {
    getInitialValueInEffect: false,
  });
  const tab = useBench((bench) => bench.tab);
  const shown = narrow && PANELS.some(({ id }) => id === tab) ? tab : "canvas";
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <TopBar title={shownTitle} narrow={narrow} />
      <Banners />
      <main className={classes.body}>
        {(!narrow || shown === "canvas") && (
          <>
            {!narrow && <SidePanel place="left" />}
            <div className={classes.middle}>
              <div className={classes.canvas}>
                <Canvas />
                {narrow && (
                  <div className={classes.switch}>
                    <ViewSwitch />
                  </div>
                )}
              </div>
              {!narrow && <SidePanel place="bottom" />}
            </div>
            {!narrow && <SidePanel place="right" />}
            {!narrow && <SidePanel place="preview" />}
          </>
        )}
        {narrow && shown !== "canvas" && <SidePanel only={shown} />}
      </main>
      {narrow && <NarrowTabs shown={shown} show={(tab) => bench.setState({ tab })} />}
      <StepPicker />
      <StepMenu />
      <Says />
      {OVERLAYS.map(({ id, Content }) => (
        <Content key={id} />
      ))}
    </div>
  );
}

/**
 * Whoever opens a flow has the keyboard on its steps, unless a text is to be written first. On a page where
 * nothing was pressed yet the ring around them waits for a key.
 */
function useFirstFocus(): void {
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    focusSteps();
    const steps = document.activeElement;
    if (!(steps instanceof HTMLElement) || wasPressed()) return;
    steps.dataset.quiet = "";
    const show = () => {
      delete steps.dataset.quiet;
    };
    window.addEventListener("keydown", show, { once: true, capture: true });
    return () => window.removeEventListener("keydown", show, { capture: true });
  }, []);
}

/** A text that is to be edited next needs the panel in which texts are edited. */
function useFocusedPanel(): void {
  const { bench } = useDesk();
  const wanted = useEditor((state) => state.focus !== undefined);
  useEffect(() => {
    const inspector = PANELS.find(({ id }) => id === "inspector");
    if (wanted && inspector !== undefined) showPanel(bench, inspector.place, inspector.id);
  }, [wanted, bench]);
}
