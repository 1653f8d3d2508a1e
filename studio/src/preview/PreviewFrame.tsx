import { Center, Loader } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useDesk } from "../app/editor/desk.js";
import classes from "./Preview.module.css";
import { previewOf } from "./preview-store.js";

/**
 * The frame with the widget: scripts run in it and have no origin, so nothing of the studio is in their reach. All it
 * tells is the number of a message that was clicked; all it is told, which message belongs to the step in hand.
 */
export function PreviewFrame({ ticket }: { ticket: string | undefined }) {
  const { editor, canvas } = useDesk();
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const store = previewOf(editor);
    const onMessage = ({ source, data }: MessageEvent<unknown>) => {
      if (source === null || source !== frame.current?.contentWindow || !Number.isSafeInteger(data)) return;
      const state = store.getState().trace?.messages.find(({ seq }) => seq === data)?.state;
      const step = state === undefined ? undefined : editor.getState().steps.stepOf.get(state);
      if (step === undefined) return;
      editor.getState().select([step]);
      canvas.current?.reveal(step, true);
    };
    window.addEventListener("message", onMessage);
    const stop = editor.subscribe(({ selection, steps }, before) => {
      const step = selection.at(-1);
      if (selection === before.selection || step === undefined || selection.length > 1) return;
      const said = store
        .getState()
        .trace?.messages.findLast(
          ({ state, mine }) => mine !== true && state !== undefined && steps.stepOf.get(state) === step,
        );
      // The frame has no origin that could be named.
      frame.current?.contentWindow?.postMessage(said?.seq ?? 0, "*");
    });
    return () => {
      window.removeEventListener("message", onMessage);
      stop();
    };
  }, [editor, canvas]);
  return (
    <div className={classes.stage}>
      {ticket === undefined ? (
        <Center h="100%">
          <Loader aria-label="The preview begins" />
        </Center>
      ) : (
        <iframe
          key={ticket}
          ref={frame}
          className={classes.frame}
          title="The conversation as a visitor has it"
          sandbox="allow-scripts"
          src={`/preview#${ticket}`}
        />
      )}
    </div>
  );
}
