import { useEffect, useRef } from "react";
import classes from "./SharedPage.module.css";

type FrameProps = {
  ticket: string;
  /** The message that is marked, by its number. */
  marked: number | undefined;
  onMessage: (seq: number) => void;
};

/** The conversation: the frame of previews, which has no origin and tells one thing, the number of a tapped message. */
export function SharedFrame({ ticket, marked, onMessage }: FrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const listen = ({ source, data }: MessageEvent<unknown>) => {
      if (source === null || source !== frame.current?.contentWindow) return;
      if (typeof data === "number" && Number.isSafeInteger(data) && data > 0) onMessage(data);
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, [onMessage]);
  // The frame has no origin that could be named.
  useEffect(() => frame.current?.contentWindow?.postMessage(marked ?? 0, "*"), [marked]);
  return (
    <iframe
      key={ticket}
      ref={frame}
      className={classes.frame}
      title="The conversation"
      sandbox="allow-scripts"
      src={`/preview#${ticket}`}
    />
  );
}
