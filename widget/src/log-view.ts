import type { ChoiceItem } from "@parley/shared/message";
import { el, icon } from "./dom.js";
import { ICONS } from "./icons.js";
import { drawRichText } from "./rich-text-view.js";
import type { Strings } from "./strings.js";
import type { Item, Outgoing } from "./transcript.js";

/** As far as a person says it. */
type Said = Partial<Pick<Extract<Item, { kind: "bot" }>, "by" | "picture">>;
type Question = Extract<Item, { kind: "question" }>;
export type LogActs = {
  readonly choose: (question: Question, choice: ChoiceItem) => void;
  readonly retry: (id: string) => void;
};
export type LogState = {
  readonly items: readonly Item[];
  readonly outgoing: readonly Outgoing[];
  readonly typing: boolean;
  /** The name of the person who types, in place of the bot. */
  readonly by: string | undefined;
  /** What is drawn now was said before: no animation, and a screen reader does not read it all. */
  readonly replay: boolean;
};
/** `says`: what it was made of; another makes another row. */
type Row = { readonly element: HTMLElement; readonly says: string; readonly patch: (item: Item | Outgoing) => void };

/** How near to its end, in px, the log counts as read. */
const AT_END = 60;

/** The messages: one row each, kept by key, so that a screen reader hears each once. */
export class LogView {
  readonly element: HTMLElement;
  readonly pill: HTMLButtonElement;
  #rows = new Map<string, Row>();
  #typing: HTMLElement;
  /** Who types. */
  #who = el("div", { class: "meta", dir: "auto" });
  #greeting = el("p", { class: "greeting", dir: "auto", hidden: true });
  #avatar: string | undefined;
  #atEnd = true;

  constructor(
    private strings: Strings,
    private readonly server: string,
    private readonly acts: LogActs,
  ) {
    this.element = el("div", { class: "log", role: "log", tabindex: 0, "aria-label": strings.log });
    const dots = el("div", { class: "bubble dots" }, el("i"), el("i"), el("i"));
    this.#typing = el("div", { class: "row bot", "aria-hidden": "true", hidden: true }, this.#face(), this.#who, dots);
    this.element.append(this.#greeting, this.#typing);
    this.pill = el("button", { class: "pill", type: "button", hidden: true }, strings.newMessages);
    this.pill.onclick = () => this.toEnd();
    this.element.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.element;
      this.#atEnd = scrollHeight - scrollTop - clientHeight < AT_END;
      if (this.#atEnd) this.pill.hidden = true;
    });
    // A picture that has loaded makes the log longer.
    this.element.addEventListener("load", () => this.#atEnd && this.toEnd(), true);
  }

  /** New words and faces, for what is drawn from now on and the fixed parts. */
  appearance(strings: Strings, avatar: string | undefined, greeting: string | undefined): void {
    this.strings = strings;
    this.#avatar = avatar;
    this.element.setAttribute("aria-label", strings.log);
    this.pill.textContent = strings.newMessages;
    this.#greeting.textContent = greeting ?? "";
    this.#greeting.hidden = !greeting;
    for (const face of this.element.querySelectorAll(".avatar:not(.who)")) face.replaceWith(this.#face());
  }

  update(state: LogState): void {
    this.element.classList.toggle("replay", state.replay);
    this.element.setAttribute("aria-live", state.replay ? "off" : "polite");
    const wasAtEnd = this.#atEnd;
    const before = this.#rows.size;
    // A question whose answer is on its way shows that answer in place of its buttons.
    const answering = new Set(state.outgoing.filter(({ state }) => state !== "failed").map(({ send }) => send.re));
    const drawn = state.outgoing.filter(({ send }) => send.message.kind !== "ResetSession");
    const wanted = new Map<string, Item | Outgoing>();
    for (const item of state.items) {
      const chosen = item.kind === "question" && item.state === "open" && answering.has(item.seq);
      wanted.set(item.key, chosen ? { ...item, state: "answered" } : item);
    }
    for (const out of drawn) wanted.set(out.send.id, out);
    for (const [key, row] of this.#rows) {
      if (!wanted.has(key)) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
    let place: Element | null = this.#greeting.nextElementSibling;
    for (const [key, item] of wanted) {
      let row = this.#rows.get(key);
      if (row?.says !== saysOf(item)) {
        if (row?.element === place) place = place.nextElementSibling;
        row?.element.remove();
        row = this.#make(item);
      }
      this.#rows.set(key, row);
      row.patch(item);
      if ("seq" in item) row.element.dataset.seq = String(item.seq);
      if (row.element === place) place = place.nextElementSibling;
      else this.element.insertBefore(row.element, place);
    }
    this.#typing.hidden = !state.typing;
    const who = state.by ? `${state.by} ${this.strings.typing}` : "";
    if (this.#who.textContent !== who) {
      this.#who.textContent = who;
      // As he was seen last.
      const last = state.items.findLast((item) => "by" in item && item.by === state.by) as Said | undefined;
      this.#typing.firstChild!.replaceWith(this.#face(state.by, last?.picture));
    }
    if (wasAtEnd) this.toEnd();
    else if (this.#rows.size > before) this.pill.hidden = false;
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
    this.#atEnd = true;
    this.pill.hidden = true;
  }

  #make(item: Item | Outgoing): Row {
    if ("kind" in item && item.kind === "note") {
      const text = this.strings[item.says].replace("{name}", () => item.by);
      const element = el("p", { class: "greeting", dir: "auto" }, text);
      return { element, says: saysOf(item), patch: () => undefined };
    }
    const bot = "kind" in item && item.kind !== "visitor";
    const { strings } = this;
    const { by, picture } = item as Said;
    // With a direction of its own it does not decide that of the words after it.
    const said = el("span", { class: "hidden", dir: "auto" }, `${bot ? (by ?? strings.bot) : strings.you}: `);
    const bubble = el("div", { class: "bubble", dir: "auto" }, said);
    const element = el("div", { class: `row ${bot ? "bot" : "visitor"}` }, bubble);
    if (!bot) {
      const [text, rich] = wordsOf(item);
      if (rich) bubble.append(...drawRichText(text, this.server, strings.newTab, "choice"));
      else bubble.append(text);
      return { element, says: saysOf(item), patch: (now) => this.#patchVisitor(element, now) };
    }
    element.prepend(this.#face(by, picture));
    bubble.append(...drawRichText(item.content, this.server, strings.newTab));
    let drawn: string | undefined;
    const patch = (now: Item | Outgoing) => {
      if (!("kind" in now) || now.kind !== "question" || now.state === drawn) return;
      drawn = now.state;
      element.querySelector(".choices")?.remove();
      if (drawn !== "answered") element.append(this.#choices(now, bubble));
    };
    return { element, says: saysOf(item), patch };
  }

  #choices(question: Question, label: HTMLElement): HTMLElement {
    label.id = `q${question.seq}`;
    const group = el("div", { class: "choices", role: "group", "aria-labelledby": label.id });
    const inert = question.state !== "open";
    const why = `w${question.seq}`;
    for (const choice of question.choices) {
      const words = drawRichText(choice.content, this.server, this.strings.newTab, "choice");
      const attributes = inert ? { "aria-disabled": "true", "aria-describedby": why } : {};
      const button = el("button", { class: "choice", type: "button", dir: "auto", ...attributes }, ...words);
      if (!inert) button.onclick = () => this.acts.choose(question, choice);
      group.append(button);
    }
    if (inert) group.append(el("span", { class: "hidden", id: why }, this.strings.inert));
    return group;
  }

  #patchVisitor(element: HTMLElement, item: Item | Outgoing): void {
    const state = "send" in item ? item.state : "sent";
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    element.classList.toggle("sending", state === "sending");
    element.querySelector(".meta")?.remove();
    if (!("send" in item) || state === "acked") return;
    const { strings } = this;
    if (state === "sending") {
      element.append(el("div", { class: "meta" }, strings.sending));
      return;
    }
    const reasons: Record<string, string> = {
      stale: strings.stale,
      paused: strings.paused,
      "no-match": strings.noMatch,
    };
    const meta = el("div", { class: "meta failed" }, reasons[item.code ?? ""] ?? strings.failed);
    if (state === "failed") {
      const again = el("button", { type: "button" }, strings.retry);
      again.onclick = () => this.acts.retry(item.send.id);
      meta.append(" ", again);
    }
    element.append(meta);
  }

  /** @param by of a person: his picture, or the first letter of his name where there is none or it does not load */
  #face(by?: string, picture?: string): HTMLElement {
    if (!by) return face(this.#avatar);
    const initial = el("div", { class: "avatar who", "aria-hidden": "true" }, [...by][0] ?? "");
    if (!picture) return initial;
    const image = face(`${this.server}/assets/${picture}`);
    image.classList.add("who");
    image.onerror = () => image.replaceWith(initial);
    return image;
  }
}

/** The bot's picture, or a drawing. */
export function face(avatar: string | undefined): HTMLElement {
  if (avatar === undefined) return el("div", { class: "avatar", "aria-hidden": "true" }, icon(ICONS.bot));
  return el("img", { class: "avatar", src: avatar, alt: "", referrerpolicy: "no-referrer" });
}

/** What a row is made of. A button answers the message that it stands below: of another number it is another. */
const saysOf = (item: Item | Outgoing): string =>
  "kind" in item && item.kind !== "visitor" ? JSON.stringify({ ...item, state: "" }) : wordsOf(item)[0];

/** A visitor's words, and whether they are rich text. */
function wordsOf(item: Item | Outgoing): [string, boolean] {
  if ("kind" in item) return item.kind === "visitor" ? [item.text, item.rich] : ["", true];
  const { message } = item.send;
  if (message.kind === "ChoiceResponse") return [message.content ?? message.itemId, true];
  return [message.kind === "UserText" ? message.content : "", false];
}
