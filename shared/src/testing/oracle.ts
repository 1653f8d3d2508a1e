import type { FlowRequest, FlowState } from "../flow/schema.js";
import type { AnswerMessage, RefusalCode, RequestMessage } from "../message.js";
import type { ActMessage } from "../record.js";
import type { HandOffOver } from "../session/state.js";

type Id = string | number;
type Opened = {
  readonly kind: "question" | "chat";
  readonly id: string;
  readonly seq: number;
  readonly state: string | undefined;
  readonly message: RequestMessage;
  /** Of a run that nothing was said of. */
  unseen: boolean;
};
const isHandOff = ({ message }: Opened): boolean =>
  message.kind === "StartChatSession" && message.handOff !== undefined;

/** What one event leads to: the states that sent something and what they sent, and how it ended. */
export type Outcome = {
  readonly sent: readonly { readonly state: string | undefined; readonly message: RequestMessage }[];
  readonly refused?: RefusalCode;
  readonly matched?: string;
  readonly ended: boolean;
};

/**
 * A second interpreter of flows, written from the rules alone (SPEC, F1–F12) and as simply as they read: lists, walked
 * from the front. It shares no code with the first, so that where the two agree, the rules are what both do. Only for
 * flows without errors, and for the markup that generated flows hold.
 */
export class Oracle {
  #open: Opened[] = [];
  #answers: [id: string, text: string][] = [];
  #values: [id: string, text: string][] = [];
  #seq = 0;
  #ended = false;
  #act: string | undefined;
  #held = false;

  constructor(private readonly flow: Readonly<Record<string, FlowState>>) {}

  /** F1. */
  begin(): Outcome {
    return this.#run(this.#states()[0]![0]);
  }

  /** A start over: nothing is open, answers are forgotten; the message of the start over has a number. */
  reset(): Outcome {
    if (this.#held) return { sent: [], refused: "paused", ended: this.#ended };
    this.#open = [];
    this.#answers = [];
    this.#seq += 1;
    return this.begin();
  }

  /** F12: said by the page. */
  setVariables(values: Readonly<Record<string, string>>): Outcome {
    for (const entry of Object.entries(values)) this.#values.unshift(entry);
    return { sent: [], ended: this.#ended };
  }

  /** H1, H3, L8: one that names the last act that counted, and ends only what was begun. */
  act(id: string, message: ActMessage): Outcome {
    const held = this.#held;
    const handOff = this.#open.find(isHandOff);
    const seen = handOff !== undefined && !handOff.unseen;
    const fits = { Takeover: true, Move: true, End: true, Resend: !held, Assign: held || seen, GiveBack: held };
    if (message.after !== this.#act || !fits[message.kind]) return { sent: [], refused: "stale", ended: this.#ended };
    const chat = handOff ?? this.#open.find((one) => one.id === "operator");
    const sent: Outcome["sent"][number][] = [];
    const say = (state: string | undefined, message: RequestMessage) => {
      this.#seq += 1;
      this.#note(message, state);
      sent.push({ state, message });
    };
    this.#act = id;
    // Left to nobody, a hand-off waits as before; any other conversation stays with people.
    const passed = message.kind === "Assign" && (message.to !== undefined || (held && !seen));
    this.#held = message.kind === "Takeover" || passed;
    const people = message.kind === "Takeover" || message.kind === "Assign";
    if (people && handOff?.unseen) {
      this.#open = this.#open.filter((one) => !one.unseen);
      const asked = handOff.message.kind === "StartChatSession" ? handOff.message.handOff : undefined;
      say(undefined, { kind: "StartChatSession", sessionId: handOff.id, ...(asked && { handOff: asked }) });
    } else if (people && (!chat || (this.#handsOver() && chat.unseen))) {
      say(undefined, { kind: "StartChatSession", sessionId: "operator" });
    }
    if (held && !people) say(undefined, { kind: "EndChatSession", sessionId: handOff?.id ?? "operator" });
    const moves = message.kind === "Move" && this.#states().some(([name]) => name === message.state);
    if (message.kind === "End" || moves) {
      for (const { kind, id, state } of [...this.#open]) {
        if (kind === "chat") say(state, { kind: "EndChatSession", sessionId: id });
      }
      this.#open = [];
    }
    if (moves) {
      const run = this.#run(message.state);
      return { ...run, sent: [...sent, ...run.sent] };
    }
    if (message.kind === "GiveBack" && handOff) return this.#goOn(handOff.id, "closed", sent);
    if (!people && message.kind !== "End") for (const one of [...this.#open]) say(one.state, one.message);
    this.#ended = this.#open.length === 0;
    return { sent, ended: this.#ended };
  }

  /** H6: nobody has come for it. */
  over(event: HandOffOver): Outcome {
    const handOff = this.#open.find(isHandOff);
    const meant = handOff?.id === event.handOffId && handOff.seq === event.re && this.#act === event.after;
    if (this.#held || !meant) return { sent: [], refused: "stale", ended: this.#ended };
    this.#seq += 1;
    const message = { kind: "EndChatSession", sessionId: handOff.id } as const;
    this.#note(message, undefined);
    return this.#goOn(handOff.id, event.outcome, [{ state: undefined, message }]);
  }

  /** A hand-off of this id ends, as it did elsewhere. */
  ends(handOffId: string, outcome: HandOffOver["outcome"]): Outcome | "not open" {
    const handOff = this.#open.find(isHandOff);
    if (handOff?.id !== handOffId) return "not open";
    const { seq: re } = handOff;
    return this.over({ kind: "hand-off over", handOffId, outcome, re });
  }

  /** H5: on at the state that matches; else what is still open is asked again. */
  #goOn(handOffId: string, outcome: string, sent: Outcome["sent"][number][]): Outcome {
    const matched = this.#states().find(([, state]) => {
      const match = "matchResponse" in state ? state.matchResponse : undefined;
      return match?.kind === "HandOffResult" && same(match.handOffId, handOffId) && match.outcome === outcome;
    })?.[0];
    if (matched !== undefined) {
      const run = this.#run(matched);
      return { ...run, sent: [...sent, ...run.sent], matched };
    }
    for (const { state, message } of [...this.#open]) {
      this.#seq += 1;
      this.#note(message, state);
      sent.push({ state, message });
    }
    this.#ended = this.#open.length === 0;
    return { sent, ended: this.#ended };
  }

  #handsOver(): boolean {
    return this.#states().some(([, state]) => "sendRequest" in state && state.sendRequest.kind === "HandOff");
  }

  /** L8: of what the last event led to nothing is said. */
  silently({ sent }: Outcome): Outcome {
    this.#seq -= sent.length;
    for (const one of this.#open) one.unseen ||= one.seq > this.#seq;
    return { sent: [], ended: false };
  }

  /** H2: only whoever has the conversation speaks in it. */
  said(act: string): Outcome {
    if (!this.#held || act !== this.#act) return { sent: [], refused: "stale", ended: this.#ended };
    this.#seq += 1;
    return { sent: [], ended: false };
  }

  answer(answer: AnswerMessage, re: number | undefined): Outcome {
    const kind = answer.kind === "UserText" ? "chat" : "question";
    const id = answer.kind === "UserText" ? answer.sessionId : answer.groupId;
    const refuse = (refused: RefusalCode): Outcome => ({ sent: [], refused, ended: this.#ended });
    // H2, H5
    const handOff = this.#open.find(isHandOff);
    const waits = this.#held || handOff !== undefined;
    if (waits && (kind !== "chat" || id !== (handOff?.id ?? "operator"))) return refuse("paused");
    // F6
    const open = this.#open.find((one) => one.kind === kind && one.id === id);
    if (!open) return refuse("stale");
    if (re !== undefined && re !== open.seq) return refuse("stale");
    if (waits) {
      this.#seq += 1;
      return { sent: [], ended: false };
    }
    // F4: the request that opened it last offers the item.
    let text = answer.kind === "UserText" ? answer.content : "";
    if (answer.kind === "ChoiceResponse") {
      const items = open.message.kind === "ChoiceRequest" ? open.message.choices : [];
      const item = items.find((one) => one.itemId === answer.itemId);
      if (!item) return refuse("stale");
      text = seen(item.content);
    }
    // F7
    const matched = this.#matching(answer);
    if (matched === undefined) return refuse("no-match");
    this.#seq += 1;
    this.#answers.unshift([id, text]);
    // F5
    if (kind === "question") this.#open = this.#open.filter((one) => one.kind !== "question");
    return { ...this.#run(matched), matched };
  }

  /** F4: by its ids, a text with its content first; the first in file order. */
  #matching(answer: AnswerMessage): string | undefined {
    const fits = (exact: boolean) =>
      this.#states().find(([, state]) => {
        const match = "matchResponse" in state ? state.matchResponse : undefined;
        if (answer.kind === "ChoiceResponse" && match?.kind === "ChoiceResponse") {
          return same(match.groupId, answer.groupId) && same(match.itemId, answer.itemId);
        }
        if (answer.kind !== "UserText" || match?.kind !== "UserText" || !same(match.sessionId, answer.sessionId))
          return false;
        if (match.content === undefined) return !exact;
        return exact && compared(match.content) === compared(answer.content);
      })?.[0];
    return fits(true) ?? fits(false);
  }

  /** F2, F3. */
  #run(from: string): Outcome {
    const sent: { state: string; message: RequestMessage }[] = [];
    let at: string | undefined = from;
    while (at !== undefined) {
      const name: string = at;
      const state: FlowState = this.#states().find(([other]) => other === name)![1];
      if ("sendRequest" in state) {
        const message = this.#filled(state.sendRequest);
        this.#seq += 1;
        this.#note(message, name);
        sent.push({ state: name, message });
      }
      at = "sendRequest" in state && state.sendRequest.kind === "HandOff" ? undefined : state.next;
    }
    this.#ended = this.#open.length === 0;
    return { sent, ended: this.#ended };
  }

  #note(message: RequestMessage, state: string | undefined): void {
    if (message.kind === "BotText") return;
    const kind = message.kind === "ChoiceRequest" ? "question" : "chat";
    const id = message.kind === "ChoiceRequest" ? message.groupId : message.sessionId;
    this.#open = this.#open.filter((one) => one.kind !== kind || one.id !== id);
    if (message.kind !== "EndChatSession") this.#open.push({ kind, id, seq: this.#seq, state, message, unseen: false });
  }

  #states(): [string, FlowState][] {
    return Object.entries(this.flow).filter(([name]) => name !== "$schema");
  }

  /** F12. */
  #filled(request: FlowRequest): RequestMessage {
    let left = 8 * 1024 - bytes(messageOf(request, (text, rich) => fill(text, () => "", rich)));
    const value = (id: string, fallback: string | undefined, rich: boolean): string => {
      const found = [...this.#answers, ...this.#values].find(([name]) => name === id)?.[1] || fallback || "";
      const text = rich ? escaped(start(found)) : start(found);
      left -= bytes(text) - 2;
      return left < 0 ? "" : text;
    };
    return messageOf(request, (text, rich) => fill(text, (id, fallback) => value(id, fallback, rich), rich));
  }
}

/** The message of a request, its texts made by `text`. */
function messageOf(request: FlowRequest, text: (source: string, rich: boolean) => string): RequestMessage {
  switch (request.kind) {
    case "BotText":
      return { kind: "BotText", content: text(request.content, true) };
    case "ChoiceRequest":
      return {
        kind: "ChoiceRequest",
        groupId: String(request.groupId),
        question: text(request.question, true),
        choices: request.choices.map((item) => ({ itemId: String(item.itemId), content: text(item.content, true) })),
      };
    case "StartChatSession":
      return {
        kind: "StartChatSession",
        sessionId: String(request.sessionId),
        ...(request.chatPrompt !== undefined && { chatPrompt: text(request.chatPrompt, false) }),
        ...(request.chatText !== undefined && { chatText: text(request.chatText, true) }),
      };
    case "EndChatSession":
      return { kind: "EndChatSession", sessionId: String(request.sessionId) };
    case "HandOff": {
      const { queue, timeout, content } = request;
      return {
        kind: "StartChatSession",
        sessionId: String(request.handOffId),
        ...(content !== undefined && { chatText: text(content, true) }),
        handOff: { ...(queue !== undefined && { queue }), ...(timeout !== undefined && { timeout }) },
      };
    }
  }
}

const TAG = /(<\/?(?:b|i|u|em|strong|code|pre|p|ul|li|br|blockquote|a)(?:\s[^<>]*)?>)/;

/** Every `{{id}}` and `{{id|fallback}}` outside of tags. */
function fill(source: string, value: (id: string, fallback: string | undefined) => string, rich: boolean): string {
  const parts = rich ? source.split(TAG) : [source];
  const filled = (text: string) =>
    text.replace(/\{\{([^{}|]+)(?:\|([^{}]*))?\}\}/g, (whole, id: string, fallback?: string) =>
      id.trim() ? value(id.trim(), fallback) : whole,
    );
  return parts.map((part, i) => (i % 2 ? part : filled(part))).join("");
}

/** At most 500 characters, and no half of one. */
function start(text: string): string {
  const cut = text.slice(0, 500);
  return text.length > 500 && /[\ud800-\udbff]$/.test(cut) && /^[\udc00-\udfff]/.test(text.slice(500))
    ? cut.slice(0, 499)
    : cut;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** What a visitor sees of an item. */
const seen = (content: string): string =>
  content
    .split(TAG)
    .filter((_, i) => i % 2 === 0)
    .join("")
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
/** NFKC, trimmed, case folded, white space joined. */
const compared = (text: string): string =>
  text.normalize("NFKC").trim().replaceAll(/\s+/gu, " ").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
const same = (one: Id, other: Id): boolean => String(one) === String(other);
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
