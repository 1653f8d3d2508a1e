import { el, icon } from "./dom.js";
import type { Face } from "./face.js";
import { CHAT } from "./launcher-icons.js";

export type Launcher = {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Something was said while nobody looked. */
  readonly unread: (count: number) => void;
  /** Takes the greeting away. */
  readonly dismiss: () => void;
};

/** Draws the button, with the greeting beside it. `server`: origin of the avatar's path. */
export function drawLauncher(face: Face, server: string, open: () => void, dismissed: () => void): Launcher {
  const { launcher, avatar, greeting } = face;
  const badge = el("b", { hidden: true });
  const drawing =
    launcher === "avatar" && avatar
      ? el("img", { src: new URL(avatar, server).href, alt: "" })
      : launcher === "question"
        ? "?"
        : icon(CHAT);
  const button = el(
    "button",
    { class: "launcher", part: "launcher", type: "button", "aria-haspopup": "dialog", title: face.open },
    drawing,
    badge,
  );
  const hello = el("button", { class: "hello", type: "button", dir: "auto" }, greeting ?? "");
  const away = el("button", { class: "away", type: "button", "aria-label": face.dismiss }, "×");
  const bubble = el("div", { class: "hi", part: "greeting", hidden: !greeting }, hello, away);
  button.onclick = hello.onclick = open;
  const dismiss = () => bubble.remove();
  away.onclick = () => {
    dismiss();
    dismissed();
    button.focus({ preventScroll: true });
  };
  const unread = (count: number) => {
    badge.hidden = !count;
    badge.textContent = `${count}`;
    button.setAttribute("aria-label", count ? `${face.open} (${count})` : face.open);
  };
  unread(0);
  return { element: el("div", { class: "dock", popover: "manual" }, bubble, button), button, unread, dismiss };
}
