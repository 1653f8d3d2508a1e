import type { Point } from "@parley/shared/flow/layout";
import type { Ref } from "react";
import classes from "./Anchor.module.css";

type AnchorProps = {
  at: Point | undefined;
  /** What hangs on it needs so much right of it and below, in pixels. */
  room: { readonly width: number; readonly height: number };
  ref?: Ref<HTMLDivElement>;
  id?: string;
};

/** Nothing to see at a place of the screen: lists and menus hang on it. Without a place it is in the middle. */
export function Anchor({ at, room, ref, id }: AnchorProps) {
  const wanted = at ?? { x: (window.innerWidth - room.width) / 2, y: window.innerHeight / 4 };
  const left = Math.max(0, Math.min(wanted.x, window.innerWidth - room.width));
  const top = Math.max(0, Math.min(wanted.y, window.innerHeight - room.height));
  return <div id={id} ref={ref} className={classes.anchor} style={{ left, top }} />;
}
