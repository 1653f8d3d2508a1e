import { Center, Loader } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Desk, DeskProvider } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { Canvas } from "../canvas/Canvas.js";
import { type Layer, type Overlay, showOverlay } from "../canvas/overlay.js";
import type { Draft } from "../document/draft.js";
import type { Step } from "../document/steps.js";
import { useVersion, useVersionDesk } from "./use-version-desk.js";
import classes from "./VersionCanvas.module.css";

type VersionCanvasProps = {
  flow: string;
  version: number | undefined;
  layer: Layer;
  overlay: Overlay;
  /** Told the step that was clicked. */
  onStep?: (step: Step) => void;
  /** The state to bring into view. */
  reveal?: string | undefined;
};

/** A published version as a drawing that cannot be changed, painted over. */
export function VersionCanvas({ flow, version, ...rest }: VersionCanvasProps) {
  const { load, retry } = useVersion(flow, version);
  return (
    <div className={classes.canvas}>
      <Loaded load={load} retry={retry} what="This version" loading={<Wait />}>
        {(draft) => (draft ? <Drawing key={version} flow={flow} draft={draft} {...rest} /> : <Wait />)}
      </Loaded>
    </div>
  );
}

const Wait = (): ReactNode => (
  <Center h="100%">
    <Loader role="status" aria-label="Opening the drawing" />
  </Center>
);

type DrawingProps = Omit<VersionCanvasProps, "version"> & { draft: Draft };

function Drawing({ flow, draft, ...rest }: DrawingProps) {
  const desk = useVersionDesk(flow, draft);
  if (desk === undefined) return <Wait />;
  return (
    <DeskProvider value={desk}>
      <Canvas />
      <Painted desk={desk} {...rest} />
    </DeskProvider>
  );
}

/** Whether the steps stand where they are drawn: a version without places is laid out first. */
function useDrawn({ editor, canvas }: Desk): boolean {
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let frame = 0;
    const look = () => {
      const steps = editor.getState().steps.steps.slice(0, 1);
      if (canvas.current && canvas.current.boxes(steps.map(({ id }) => id)).length === steps.length) setDrawn(true);
      else frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [editor, canvas]);
  return drawn;
}

function Painted({ desk, layer, overlay, onStep, reveal }: Omit<DrawingProps, "flow" | "draft"> & { desk: Desk }) {
  const { editor } = desk;
  useEffect(() => {
    showOverlay(editor, layer, overlay);
  }, [editor, layer, overlay]);
  useEffect(
    () =>
      editor.subscribe((now, before) => {
        if (now.selection === before.selection) return;
        const step = now.steps.byId.get(now.selection.at(-1) ?? "");
        if (step) onStep?.(step);
      }),
    [editor, onStep],
  );
  const drawn = useDrawn(desk);
  const opened = useRef(false);
  useEffect(() => {
    const canvas = desk.canvas.current;
    if (!drawn || !canvas) return;
    const step = reveal === undefined ? undefined : editor.getState().steps.stepOf.get(reveal);
    if (step !== undefined) canvas.reveal(step, !opened.current || layer === "counts");
    else if (!opened.current) canvas.fit();
    opened.current = true;
  }, [editor, desk, reveal, drawn, layer]);
  return null;
}
