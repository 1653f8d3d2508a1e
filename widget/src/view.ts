import type { Look } from "./appearance.js";
import type { Status } from "./connection.js";
import type { DebugPane } from "./debug-pane.js";
import { el, icon, sheet } from "./dom.js";
import { EditorView } from "./editor-view.js";
import { ICONS } from "./icons.js";
import { face, type LogActs, type LogState, LogView } from "./log-view.js";
import type { Mode } from "./options.js";
import { raise } from "./raise.js";
import type { Strings } from "./strings.js";
import { STYLES } from "./styles.js";

export type Place = {
  readonly root: ShadowRoot;
  /** What in the root the pane is drawn in. */
  readonly frame: HTMLElement | ShadowRoot;
  readonly mode: Mode;
  /** Origin that paths in texts belong to. */
  readonly server: string;
  readonly debug?: (() => Promise<typeof import("./debug-pane.js")>) | undefined;
};
export type ViewActs = LogActs & {
  readonly text: (text: string) => void;
  readonly typing: () => void;
  readonly startOver: () => void;
  readonly close: () => void;
  /** The visitor did something in the pane. */
  readonly acted: () => void;
};
export type ViewState = LogState & {
  readonly status: Status | "refused";
  /** What the open chat session asks for, "" for nothing; undefined: none is open. */
  readonly prompt: string | undefined;
  readonly ended: boolean;
  /** An earlier moment is shown. */
  readonly earlier: boolean;
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
  #debug: DebugPane | undefined;
  /** Frames that came before the debug pane. */
  #traced: string[] | undefined;

  constructor(
    private readonly place: Place,
    look: Look,
    private strings: Strings,
    private readonly acts: ViewActs,
  ) {
    const { root, frame, mode, server } = place;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(STYLES)];
    const tool = (path: string, run: () => void) => {
      const button = el("button", { class: "tool", type: "button" }, icon(path));
      button.onclick = run;
      return button;
    };
    this.#reset = tool(ICONS.restart, acts.startOver);
    this.#close = tool(ICONS.close, acts.close);
    this.log = new LogView(strings, server, acts);
    this.editor = new EditorView(strings, { ...acts, again: acts.startOver, focused: () => this.fit() });
    const name = el("div", { class: "name" }, this.#title, el("div", { class: "status" }, this.#dot, this.#status));
    const floating = mode === "bubble" || mode === "popup";
    const tools = floating ? [this.#reset, this.#close] : [this.#reset];
    // A dialog keeps the page behind it out of reach by itself.
    this.panel = el(
      mode === "popup" ? "dialog" : "section",
      { class: "panel", part: "panel", role: floating ? "dialog" : "region", tabindex: -1, hidden: floating },
      el("div", { class: "header", part: "header" }, face(undefined), name, ...tools),
      el("div", { class: "body" }, this.log.element, this.log.pill),
      this.editor.element,
    );
    for (const type of ["keydown", "keyup", "keypress"] as const) {
      // What is typed here is not a shortcut of the page.
      this.panel.addEventListener(type, (event) => event.stopPropagation());
    }
    this.panel.addEventListener("keydown", (event) => this.#key(event));
    this.panel.addEventListener("pointerdown", acts.acted);
    if (mode === "popup") {
      // Beside the pane is the backdrop, which is of the dialog's element too.
      this.panel.addEventListener("click", (event) => event.target === this.panel && outside(event) && acts.close());
      this.panel.addEventListener("cancel", (event) => event.preventDefault());
    }
    if (mode === "bubble") this.panel.popover = "manual";
    frame.append(this.panel);
    this.appearance(look, strings);
  }

  appearance(look: Look, strings: Strings): void {
    this.strings = strings;
    const title = look.title ?? strings.title;
    this.#title.textContent = title;
    this.panel.setAttribute("aria-label", title);
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
    const { strings } = this;
    this.#dot.dataset.status = this.panel.dataset.status = state.status;
    const label = strings[state.status];
    if (this.#status.textContent !== label) this.#status.textContent = label;
    const focused = this.place.root.activeElement;
    this.log.update(state);
    this.editor.update(state.prompt, state.ended, state.earlier);
    this.#keepFocus(focused, state);
  }

  /** Shows the pane; `focus`: and takes the focus into it. */
  open(focus: boolean): void {
    this.panel.hidden = false;
    const { mode } = this.place;
    if (mode === "inline" || mode === "fullpage") return;
    this.panel.setAttribute("aria-modal", String(this.#modal()));
    this.raise();
    this.fit();
    this.log.toEnd();
    if (!focus) return;
    if (this.editor.enabled && !touch()) this.editor.focus();
    else this.panel.focus();
  }

  close(): void {
    this.panel.hidden = true;
    if (this.panel instanceof HTMLDialogElement) this.panel.close?.();
  }

  /** Over everything that the page shows. */
  raise(): void {
    if (this.panel.hidden || !this.panel.isConnected) return;
    if (!(this.panel instanceof HTMLDialogElement)) raise(this.panel);
    else if (!this.panel.open) this.panel.showModal?.();
  }

  /** On a phone the pane is what the keyboard leaves of the screen; in its place on the page, the editor stays in view. */
  fit(): void {
    if (this.place.mode === "inline") {
      if (this.editor.focused) this.editor.element.scrollIntoView({ block: "nearest" });
      return;
    }
    const { visualViewport } = window;
    // Zoomed in with two fingers the visitor looks at a part of it.
    if (!visualViewport || visualViewport.scale > 1.01) return;
    this.panel.style.setProperty("--parley-height", `${visualViewport.height}px`);
    this.panel.style.setProperty("--parley-top", `${visualViewport.offsetTop}px`);
    this.log.toEnd();
  }

  /** One more line in the debug pane. */
  trace(line: string): void {
    if (this.#debug) return this.#debug.show(line);
    if (this.#traced) return void this.#traced.push(line);
    this.#traced = [line];
    const { debug } = this.place;
    void debug?.().then(
      ({ debugPane }) => {
        this.#debug = debugPane();
        this.panel.append(this.#debug.element);
        for (const traced of this.#traced ?? []) this.#debug.show(traced);
      },
      () => undefined, // It is an aid: the conversation goes on without.
    );
  }

  #modal(): boolean {
    return this.place.mode === "popup" || fullScreen();
  }

  /** Focus on something that went away or was closed goes on to where the conversation goes on. */
  #keepFocus(focused: Element | null, state: ViewState): void {
    if (this.panel.hidden) return;
    // A browser takes the focus from what is hidden or disabled only later.
    const gone = focused !== null && (!focused.isConnected || focused.closest("[hidden],:disabled") !== null);
    const waiting = this.place.root.activeElement === this.log.element || gone;
    if (!waiting) return;
    if (state.ended && gone) this.editor.focusAgain();
    else if (this.editor.enabled && !touch()) this.editor.focus();
    else if (gone) this.log.element.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    this.acts.acted();
    const { mode, root } = this.place;
    if (mode === "inline" || mode === "fullpage" || event.isComposing) return;
    if (event.key === "Escape") {
      // A dialog of the browser would close itself, and once more on what the page does with the key.
      event.preventDefault();
      this.acts.close();
    }
    if (event.key !== "Tab" || !this.#modal()) return;
    const stops = [...this.panel.querySelectorAll<HTMLElement>("button,textarea,a,[tabindex='0']")].filter(
      (stop) => !stop.hidden && !stop.matches(":disabled") && !stop.closest("[hidden]"),
    );
    const at = event.shiftKey ? 0 : stops.length - 1;
    if (root.activeElement !== stops[at]) return;
    event.preventDefault();
    stops[stops.length - 1 - at]?.focus();
  }
}

/** Whether a click on a dialog's element is on what is behind its box. */
function outside({ clientX: x, clientY: y, currentTarget }: MouseEvent): boolean {
  const { left, right, top, bottom } = (currentTarget as HTMLElement).getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}

const matches = (query: string) => window.matchMedia?.(query).matches ?? false;
/** As in the style sheet. */
const fullScreen = () => matches("(max-width:520px),(max-height:480px)");
const touch = () => matches("(pointer:coarse)");
/** Whether the visitor wants no movement. */
export const stillness = () => matches("(prefers-reduced-motion:reduce)");
