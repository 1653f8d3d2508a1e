import { LIMITS } from "@parley/shared/protocol/limits";
import { el, icon } from "./dom.js";
import { ICONS } from "./icons.js";
import type { Strings } from "./strings.js";

export type EditorActs = {
  readonly text: (text: string) => void;
  /** The visitor types. */
  readonly typing: () => void;
  readonly again: () => void;
  readonly focused: () => void;
};

/** The foot of the pane: the text editor, or the words that the conversation is over. */
export class EditorView {
  readonly element: HTMLElement;
  #area = el("textarea", { rows: 1, enterkeyhint: "send", autocomplete: "off" });
  #send = el("button", { class: "tool send", type: "button", disabled: true }, icon(ICONS.send));
  #box = el("div", { class: "editor" }, this.#area, this.#send);
  #error = el("p", { class: "error", role: "alert" });
  #over = el("div", { class: "over", hidden: true });
  #words = el("div", { role: "status" });
  #again = el("button", { type: "button" });
  #prompt: string | undefined;
  #ended = false;
  #earlier = false;

  constructor(
    private strings: Strings,
    private readonly acts: EditorActs,
  ) {
    this.#over.append(this.#words, this.#again);
    this.element = el("div", { class: "foot" }, this.#error, this.#box, this.#over);
    this.#again.onclick = acts.again;
    this.#send.onclick = () => this.#submit();
    this.#area.addEventListener("input", () => {
      this.#changed();
      if (this.#area.value) acts.typing();
    });
    this.#area.addEventListener("focus", acts.focused);
    this.#area.addEventListener("keydown", (event) => {
      // 229: an input method is at work, said so by browsers that end the composition before this event.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    this.words(strings);
  }

  get enabled(): boolean {
    return !this.#area.disabled && !this.#box.hidden;
  }

  get focused(): boolean {
    return this.#area.matches(":focus");
  }

  words(strings: Strings): void {
    this.strings = strings;
    this.#send.setAttribute("aria-label", strings.send);
    this.#send.title = strings.send;
    this.#again.textContent = strings.again;
    this.update(this.#prompt, this.#ended, this.#earlier);
  }

  /** `earlier`: what is shown is an earlier moment. `prompt`: of the open chat session, undefined when none is open. */
  update(prompt: string | undefined, ended: boolean, earlier = false): void {
    this.#prompt = prompt;
    this.#ended = ended;
    this.#earlier = earlier;
    const label = earlier
      ? this.strings.earlier
      : prompt === undefined
        ? this.strings.choose
        : prompt || this.strings.write;
    this.#area.disabled = prompt === undefined;
    this.#area.placeholder = label;
    this.#area.setAttribute("aria-label", label);
    this.#box.classList.toggle("off", prompt === undefined);
    this.#box.hidden = ended;
    this.#over.hidden = !ended;
    const words = ended ? this.strings.ended : "";
    if (this.#words.textContent !== words) this.#words.textContent = words;
    if (prompt === undefined && this.#error.textContent) this.#error.textContent = "";
    this.#send.disabled = !this.enabled || this.#area.value.trim() === "";
  }

  focus(): void {
    this.#area.focus({ preventScroll: true });
  }

  focusAgain(): void {
    this.#again.focus();
  }

  #changed(): void {
    this.#error.textContent = "";
    this.update(this.#prompt, this.#ended, this.#earlier);
    // An empty one shows its prompt in the direction of the widget.
    this.#area.dir = this.#area.value ? "auto" : "";
    this.#area.style.height = "auto";
    this.#area.style.height = `${this.#area.scrollHeight}px`;
  }

  #submit(): void {
    const text = this.#area.value;
    if (!this.enabled || text.trim() === "") return;
    if (new TextEncoder().encode(JSON.stringify(text)).length > LIMITS.textBytes) {
      this.#error.textContent = this.strings.tooLong;
      return;
    }
    this.#area.value = "";
    this.#changed();
    this.acts.text(text);
  }
}
