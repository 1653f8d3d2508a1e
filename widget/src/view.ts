import { type Look, textOn } from "./appearance.js";
import type { Status } from "./connection.js";
import { el, icon, sheet } from "./dom.js";
import { EditorView } from "./editor-view.js";
import { ICONS } from "./icons.js";
import { face, type LogActs, type LogState, LogView } from "./log-view.js";
import { STYLES } from "./styles.js";

export type Mode = "bubble" | "inline";
export type ViewActs = LogActs & {
  readonly text: (text: string) => void;
  readonly reset: () => void;
  readonly close: () => void;
  /** The visitor did something in the pane. */
  readonly acted: () => void;
};
export type ViewState = LogState & {
  readonly status: Status;
  /** What the open chat session asks for, "" for nothing; undefined: none is open. */
  readonly prompt: string | undefined;
  readonly ended: boolean;
};

/** The pane: header, log, editor. It draws a state and tells what the visitor does; it decides nothing. */
export class View {
  readonly panel: HTMLElement;
  readonly log: LogView;
  readonly editor: EditorView;
  #title = el("div", { class: "title" });
  #dot = el("span", { class: "dot", "aria-hidden": "true" });
  #status = el("span", { role: "status" });
  #reset: HTMLButtonElement;
  #close: HTMLButtonElement;
  #theme = sheet("");
  #debug: HTMLElement | undefined;
  #look: Look;

  constructor(
    private readonly root: ShadowRoot,
    private readonly mode: Mode,
    server: string,
    look: Look,
    private readonly acts: ViewActs,
  ) {
    this.#look = look;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(STYLES), this.#theme];
    const tool = (path: string, run: () => void) => {
      const button = el("button", { class: "tool", type: "button" }, icon(path));
      button.onclick = run;
      return button;
    };
    this.#reset = tool(ICONS.restart, acts.reset);
    this.#close = tool(ICONS.close, acts.close);
    this.log = new LogView(look.strings, server, acts);
    this.editor = new EditorView(look.strings, { text: acts.text, again: acts.reset });
    const name = el("div", { class: "name" }, this.#title, el("div", { class: "status" }, this.#dot, this.#status));
    const tools = mode === "inline" ? [this.#reset] : [this.#reset, this.#close];
    const role = mode === "inline" ? "region" : "dialog";
    this.panel = el(
      "section",
      { class: "panel", part: "panel", role, tabindex: -1, hidden: mode === "bubble" },
      el("div", { class: "header" }, face(undefined), name, ...tools),
      el("div", { class: "body" }, this.log.element, this.log.pill),
      this.editor.element,
    );
    for (const type of ["keydown", "keyup", "keypress"] as const) {
      // What is typed here is not a shortcut of the page.
      this.panel.addEventListener(type, (event) => event.stopPropagation());
    }
    this.panel.addEventListener("keydown", (event) => this.#key(event));
    this.panel.addEventListener("pointerdown", acts.acted);
    root.append(this.panel);
    this.appearance(look);
  }

  appearance(look: Look): void {
    this.#look = look;
    const { strings, color } = look;
    this.#theme.replaceSync(color ? theme(color) : "");
    if (look.position) (this.root.host as HTMLElement).dataset.position = look.position;
    this.#title.textContent = look.title;
    this.panel.setAttribute("aria-label", look.title);
    for (const [button, label] of [
      [this.#reset, strings.startOver],
      [this.#close, strings.close],
    ] as const) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    this.panel.querySelector(".header > .avatar")?.replaceWith(face(look.avatar));
    this.log.appearance(strings, look.avatar, look.greeting);
    this.editor.words(strings);
  }

  update(state: ViewState): void {
    const { strings } = this.#look;
    this.#dot.dataset.status = this.panel.dataset.status = state.status;
    const label = strings[state.status];
    if (this.#status.textContent !== label) this.#status.textContent = label;
    const focused = this.root.activeElement;
    this.log.update(state);
    this.editor.update(state.prompt, state.ended);
    this.#keepFocus(focused, state);
  }

  /** Shows the pane and takes the focus into it. */
  open(): void {
    this.panel.hidden = false;
    if (this.mode === "inline") return;
    this.panel.setAttribute("aria-modal", String(fullScreen()));
    this.fit();
    this.log.toEnd();
    if (this.editor.enabled && !touch()) this.editor.focus();
    else this.panel.focus();
  }

  close(): void {
    this.panel.hidden = true;
  }

  /** On a phone the pane is what the keyboard leaves of the screen. */
  fit(): void {
    const { visualViewport } = window;
    if (!visualViewport || this.mode === "inline") return;
    this.panel.style.setProperty("--parley-height", `${visualViewport.height}px`);
    this.panel.style.setProperty("--parley-top", `${visualViewport.offsetTop}px`);
    this.log.toEnd();
  }

  /** One more line in the debug pane. */
  trace(line: string): void {
    if (!this.#debug) {
      this.#debug = el("pre", { class: "debug", tabindex: 0, "aria-label": "Frames" });
      this.panel.append(this.#debug);
    }
    this.#debug.append(`${line}\n`);
    this.#debug.scrollTop = this.#debug.scrollHeight;
  }

  /** Focus on something that went away or was closed goes on to where the conversation goes on. */
  #keepFocus(focused: Element | null, state: ViewState): void {
    if (this.panel.hidden) return;
    // A browser takes the focus from what is hidden or disabled only later.
    const gone = focused !== null && (!focused.isConnected || focused.closest("[hidden],:disabled") !== null);
    const waiting = this.root.activeElement === this.log.element || gone;
    if (!waiting) return;
    if (state.ended && gone) this.editor.focusAgain();
    else if (this.editor.enabled && !touch()) this.editor.focus();
    else if (gone) this.log.element.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    this.acts.acted();
    if (this.mode === "inline" || event.isComposing) return;
    if (event.key === "Escape") this.acts.close();
    if (event.key !== "Tab" || !fullScreen()) return;
    const stops = [...this.panel.querySelectorAll<HTMLElement>("button,textarea,a,[tabindex='0']")].filter(
      (stop) => !stop.hidden && !stop.matches(":disabled") && !stop.closest("[hidden]"),
    );
    const at = event.shiftKey ? 0 : stops.length - 1;
    if (this.root.activeElement !== stops[at]) return;
    event.preventDefault();
    stops[stops.length - 1 - at]?.focus();
  }
}

/** A light colour is darkened where it must stand out from white, as an edge or a focus ring. */
function theme(color: string): string {
  const on = textOn(color);
  return `:host{--parley-color:${color};--parley-on:${on};--parley-edge:${on === "#000" ? 45 : 100}%}`;
}

const matches = (query: string) => window.matchMedia?.(query).matches ?? false;
/** As in the style sheet. */
const fullScreen = () => matches("(max-width:520px),(max-height:480px)");
const touch = () => matches("(pointer:coarse)");
/** Whether the visitor wants no movement. */
export const stillness = () => matches("(prefers-reduced-motion:reduce)");
