import type { Point } from "@parley/shared/flow/layout";
import type { Ref } from "react";
import classes from "./Anchor.module.css";

/** Nothing to see at a place of the screen: lists and menus hang on it. Without a place it is in the middle. */
export function Anchor({ at, ref, id }: { at: Point | undefined; ref?: Ref<HTMLDivElement>; id?: string }) {
  const place = at ?? { x: window.innerWidth / 2 - 160, y: window.innerHeight / 4 };
  return <div id={id} ref={ref} className={classes.anchor} style={{ left: place.x, top: place.y }} />;
}
