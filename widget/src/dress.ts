import { colorRule, readColor } from "./color.js";
import { sheet } from "./dom.js";

/** What of a look is outside of the conversation too. */
export type Dress = (look: {
  readonly color?: string | undefined;
  readonly theme?: string | undefined;
  readonly position?: string | undefined;
}) => void;

/** Colours a widget and says on which side it is: `frame` is written from the right, it is on the left. */
export function dresser(host: HTMLElement, root: ShadowRoot, frame?: HTMLElement): Dress {
  const colors = sheet("");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, colors];
  return ({ color, theme = "auto", position }) => {
    colors.replaceSync(colorRule(readColor(color), theme));
    Object.assign(host.dataset, { theme, side: position ?? (frame?.dir === "rtl" ? "left" : "right") });
  };
}
