import type { FlowMatch, FlowRequest, FlowState } from "../flow/schema.js";
import type { Outcome } from "../message.js";
import type { Ask, Block, Chat, HandOver, Lead, Plan, Text } from "./plan.js";
import { BLOCKS, EXPECTED, from, IDS, MARKUP, NAMES, NUMBERS, TEXTS } from "./words.js";

/** The names that the page of a generated flow may set: `check` is told of them. */
export const VARIABLES: readonly string[] = ["visitor", "page"];

type Id = string | number;
/** Where a block is: what follows it, the question around it, and the ids that are answered on every way here. */
type Where = { readonly after: string; readonly around: string | undefined; readonly answered: readonly string[] };

/** Makes the flow of a plan. It has no errors; warnings only where the plan asks for what they warn of. */
export function buildFlow(plan: Plan): Record<string, FlowState> {
  return new Builder(plan).build();
}

class Builder {
  readonly #states: [string, FlowState][] = [];
  readonly #names = new Set<string>();
  readonly #ids = new Map<Block, Id>();
  #picked = 0;

  constructor(private readonly plan: Plan) {}

  build(): Record<string, FlowState> {
    this.#giveIds(this.plan.blocks, { questions: new Set(), chats: new Set() });
    const end = this.#name();
    this.#emit(this.plan.blocks, { after: end, around: undefined, answered: [] });
    this.#add(end, { kind: "BotText", content: "Bye" }, undefined);
    const schema = this.plan.schemaKey ? { $schema: "https://parley.dev/schema/flow-1.json" as never } : {};
    return { ...schema, ...Object.fromEntries(this.#states) };
  }

  /** Ids are unique among questions and among chat sessions, but a question and a chat session may share one. */
  #giveIds(blocks: readonly Block[], taken: { questions: Set<string>; chats: Set<string> }): void {
    for (const block of blocks) {
      if (block.is === "say") continue;
      const used = block.is === "ask" ? taken.questions : taken.chats;
      const pool: readonly Id[] = this.plan.numbers ? [...IDS, ...NUMBERS, ...NUMBERS] : IDS;
      let id = from(pool, block.id);
      while (used.has(String(id))) id = `${id}+`;
      used.add(String(id));
      this.#ids.set(block, id);
      for (const leads of leadsOf(block)) if (typeof leads !== "string") this.#giveIds(leads, taken);
    }
  }

  /** Emits blocks one after the other; the name of the first state. */
  #emit(blocks: readonly Block[], where: Where): string {
    const entries = blocks.map(() => this.#name());
    let answered = where.answered;
    blocks.forEach((block, i) => {
      const here: Where = { ...where, after: entries[i + 1] ?? where.after, answered };
      if (block.is === "say") {
        this.#add(entries[i]!, { kind: "BotText", content: this.#text(block.text, answered) }, here.after);
        return;
      }
      if (block.is === "hand over") {
        this.#handOver(block, entries[i]!, here);
        return;
      }
      if (block.is === "ask") this.#ask(block, entries[i]!, here);
      else this.#chat(block, entries[i]!, here);
      if (block.is === "chat" || !block.goesOn) answered = [...answered, this.#id(block)];
    });
    return entries[0] ?? where.after;
  }

  #ask(block: Ask, entry: string, where: Where): void {
    const items = block.items.map((item, i) => ({
      itemId: itemId(i, this.plan.numbers && i === 1),
      content: this.#text(item.text, where.answered, false),
    }));
    const request = (question: Text, offered = items): FlowRequest => ({
      kind: "ChoiceRequest",
      groupId: this.#ids.get(block)!,
      question: this.#text(question, where.answered),
      choices: offered,
    });
    this.#add(entry, request(block.question), block.goesOn ? where.after : undefined);
    const answered = [...where.answered, this.#id(block)];
    block.items.forEach((item, i) => {
      const leads = i === 0 ? "on" : item.leads;
      let next = this.#lead(leads, entry, { ...where, answered });
      if (next === undefined) {
        // Asked again in other words, and where the plan says so with fewer items.
        next = this.#name();
        this.#add(next, request(item.text, leads === "fewer" ? items.slice(0, 1) : items), undefined);
      }
      const match: FlowMatch = { kind: "ChoiceResponse", groupId: this.#id(block), itemId: String(items[i]!.itemId) };
      this.#states.push([this.#name(), { matchResponse: match, next }]);
    });
  }

  #chat(block: Chat, entry: string, where: Where): void {
    const sessionId = this.#ids.get(block)!;
    this.#add(
      entry,
      {
        kind: "StartChatSession",
        sessionId,
        ...(block.prompt && { chatPrompt: this.#text(block.prompt, where.answered, false) }),
        ...(block.said && { chatText: this.#text(block.said, where.answered) }),
      },
      undefined,
    );
    const answered = [...where.answered, this.#id(block)];
    const texts = new Map(block.expected.map(({ text, leads }) => [from(EXPECTED, text), leads] as const));
    const matches: (readonly [string | undefined, Lead])[] = [...texts];
    if (block.other || matches.length === 0) matches.unshift([undefined, "on"]);
    else matches[0] = [matches[0]![0], "on"];
    for (const [content, leads] of matches) {
      const match: FlowMatch = {
        kind: "UserText",
        sessionId: this.#id(block),
        ...(content !== undefined && { content }),
      };
      const follows = this.#name();
      this.#states.push([this.#name(), { matchResponse: match, next: follows }]);
      if (leads !== "on" && block.stays) {
        this.#add(follows, { kind: "BotText", content: this.#text([0, 1], answered) }, undefined);
      } else {
        const next = this.#lead(leads, entry, { ...where, answered }) ?? entry;
        this.#add(follows, { kind: "EndChatSession", sessionId }, next);
      }
    }
  }

  #handOver(block: HandOver, entry: string, where: Where): void {
    const handOffId = this.#ids.get(block)!;
    const request: FlowRequest = {
      kind: "HandOff",
      handOffId,
      ...(block.queue !== undefined && { queue: from(QUEUES, block.queue) }),
      ...(block.said && { content: this.#text(block.said, where.answered) }),
      ...(block.timeout !== undefined && { timeout: block.timeout }),
    };
    this.#add(entry, request, undefined);
    const ends: [Outcome, Lead][] = [
      ["closed", block.closed],
      ["unavailable", "on"],
    ];
    if (block.timeout !== undefined) ends.push(["timeout", block.late]);
    for (const [outcome, leads] of ends) {
      const match: FlowMatch = { kind: "HandOffResult", handOffId: this.#id(block), outcome };
      const next = this.#lead(leads, entry, where) ?? entry;
      this.#states.push([this.#name(), { matchResponse: match, next }]);
    }
  }

  /** The state that a lead leads to; undefined to ask again. */
  #lead(lead: Lead, entry: string, where: Where): string | undefined {
    if (lead === "on") return where.after;
    if (lead === "back") return where.around ?? entry;
    if (lead === "again" || lead === "fewer") return undefined;
    return this.#emit(lead, { ...where, around: entry });
  }

  #id(block: Block): string {
    return String(this.#ids.get(block));
  }

  #add(name: string, sendRequest: FlowRequest, next: string | undefined): void {
    this.#states.push([name, { sendRequest, ...(next !== undefined && { next }) }]);
  }

  /** A new name, odd now and then. */
  #name(): string {
    const wanted = from(NAMES, from(this.plan.names, this.#picked++));
    const name = this.#names.has(wanted) ? `${wanted}.${this.#names.size}` : wanted;
    this.#names.add(name);
    return name;
  }

  /** A text with something to see; placeholders ask for what is answered by then, or have a fallback. */
  #text(picks: Text, answered: readonly string[], blocks = true): string {
    const askable = answered.filter((id) => id !== "" && id === id.trim() && !/[{}|]/.test(id));
    const placeholders = [
      ...askable.map((id) => `{{${id}}}`),
      ...[...askable, ...VARIABLES].map((id) => `{{ ${id} |you & I}}`),
      ...VARIABLES.map((id) => `{{${id}}}`),
    ];
    const literals = [...TEXTS, ...(blocks ? BLOCKS : []), ...(this.plan.hostile ? [...MARKUP, ...MARKUP] : [])];
    const parts = picks.map((pick) => from(pick % 3 === 0 ? placeholders : literals, Math.floor(pick / 3)));
    return `${this.plan.hostile ? "" : "So "}${parts.join("")}`;
  }
}

function leadsOf(block: Exclude<Block, { is: "say" }>): readonly Lead[] {
  if (block.is === "hand over") return [block.closed, block.late];
  return (block.is === "ask" ? block.items : block.expected).map(({ leads }) => leads);
}

const QUEUES = ["Sales", "Hilfe & Rat", "🦜"];
const ITEMS = ["yes", "no", "__proto__", "a|b", "\ud800"];
const itemId = (i: number, number: boolean): Id => (number ? i : ITEMS[i % ITEMS.length]!);
