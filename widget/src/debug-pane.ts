import { el } from "./dom.js";

export type DebugPane = { readonly element: HTMLElement; readonly show: (line: string) => void };

/** Shows every frame both ways, as they come. */
export function debugPane(): DebugPane {
  const element = el("pre", { class: "debug", part: "debug", tabindex: 0, "aria-label": "Frames" });
  return {
    element,
    show: (line) => {
      element.append(`${line}\n`);
      element.scrollTop = element.scrollHeight;
    },
  };
}
