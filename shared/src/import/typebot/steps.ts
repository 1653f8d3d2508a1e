import { type JsonObject, own } from "../../flow/json.js";
import { richText } from "../../flow/rich-text.js";
import { pictureTag } from "../../flow/text-pictures.js";
import { NO_WORDS, type ScriptStep, type ScriptWay } from "../../script/script.js";
import { jsonBytes } from "../../text.js";
import { marksIn, REFERENCE_BYTES } from "./marks.js";
import { type Block, type Export, object, text } from "./read-export.js";
import type { Role, Ways } from "./ways.js";
import { bubbleSource, type Fill, linked, plainSource, within } from "./words.js";

/** A step before its words: where its ways lead, by the places of steps. */
export type Link = {
  readonly kind: ScriptStep["kind"];
  /** Its block among all. */
  readonly block: number;
  /** Of a question what its answers say, as plain text. */
  readonly answers: readonly string[];
  readonly to: (number | undefined)[];
  /** What is otherwise than it was, one sentence each. */
  readonly remarks: Set<string>;
};

/** Bytes of a text as JSON, references filled in: those of what is said, and of all answers to it. */
const MOST = { message: 7_400, asked: 2_000, answers: 5_200, answer: 600 } as const;
/** What an answer has beside its words. */
const ANSWER_BYTES = 200;
const cost = (source: string): number => jsonBytes(source) + marksIn(source) * REFERENCE_BYTES;
/** Numbers on a scale, at most. */
const MAX_SCALE = 20;

/** What is asked for where the export leaves it to Typebot. */
const PROMPTS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  "number input": "Type a number…",
  "email input": "Type your email address…",
  "url input": "Type a web address…",
  "phone number input": "Type your phone number…",
  "date input": "Type a date…",
  "time input": "Type a time…",
};
/** What Typebot took there; a text of ours is any. */
const TOOK: Readonly<Record<string, string>> = {
  __proto__: null as never,
  "number input": "a number",
  "email input": "an email address",
  "url input": "a web address",
  "phone number input": "a phone number",
  "date input": "a date",
  "time input": "a time",
};

/** The steps and where they lead, the one that the conversation begins with first. */
export function linksOf({ blocks, start }: Export, roles: readonly Role[], ways: Ways): Link[] {
  const isStep = (role: Role | undefined) => role === "message" || role === "question" || role === "text";
  const first = ways.stepAt(start);
  const order = [...roles.keys()].filter((block) => isStep(roles[block]) && block !== first);
  if (first !== undefined) order.unshift(first);
  const places = new Map(order.map((block, place) => [block, place]));
  return order.map((block): Link => {
    const kind = roles[block] as Link["kind"];
    const remarks = new Set<string>(kind === "message" ? [] : remarksOf(blocks[block]!));
    const answers = kind === "question" ? answersOf(blocks[block]!) : [];
    const targets = kind === "question" ? answers.map((_, item) => ways.afterItem(block, item)) : [ways.after(block)];
    if (targets.includes("nowhere")) remarks.add("It led to what is not in the file, or is empty; here it ends.");
    const to = targets.map((target) => {
      const step = ways.stepAt(target);
      return step === undefined ? undefined : places.get(step);
    });
    return { kind, block, answers, to, remarks };
  });
}

function answersOf({ type, items, options }: Block): string[] {
  if (type === "rating input") {
    const number = (name: string, else_: number) => {
      const value = own(options, name);
      return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 1000 ? value : else_;
    };
    const from = Math.min(number("startsAt", own(options, "buttonType") === "Icons" ? 1 : 0), number("length", 10));
    const count = Math.min(number("length", 10) - from + 1, MAX_SCALE);
    return Array.from({ length: count }, (_, n) => String(from + n));
  }
  const words = type === "choice input" ? "content" : "title";
  return items.map((item, n) => text(own(item, words)).trim() || text(own(item, "value")).trim() || `Answer ${n + 1}`);
}

function* remarksOf({ type, options, items }: Block): Generator<string> {
  if (own(options, "isMultipleChoice") === true) yield "Several answers could be picked; here it is one.";
  if (items.some((item) => own(object(own(item, "displayCondition")), "isEnabled") === true)) {
    yield "Some answers were shown on a condition; here they always are.";
  }
  if (type === "picture choice input") yield "The pictures of its answers are left out.";
  if (TOOK[type] !== undefined) yield `It took only ${TOOK[type]}; here it takes any text.`;
  for (const more of ["audioClip", "attachments"]) {
    if (own(object(own(options, more)), "isEnabled") === true)
      yield "Files could be sent with the text; here they cannot.";
  }
}

/** A link with its words. `fillOf`: what stands for a variable in the texts of a step. */
export function stepOf({ blocks }: Export, roles: readonly Role[], link: Link, fill: Fill): ScriptStep {
  const { kind, block, answers, to, remarks } = link;
  const one = blocks[block]!;
  const cut = (source: string, bytes: number): string => {
    const whole = within(source, bytes, cost);
    if (whole !== source) remarks.add("It is longer than a message may be, and is cut.");
    return whole;
  };
  if (kind === "message") {
    const said = one.type === "image" ? pictureOf(one)! : bubbleSource(one.content, fill);
    return {
      kind,
      words: cut(said, MOST.message) || NO_WORDS,
      prompt: undefined,
      ways: [{ words: undefined, to: to[0] }],
    };
  }
  const asked = roles[block - 1] === "part" ? cut(bubbleSource(blocks[block - 1]!.content, fill), MOST.asked) : "";
  if (kind === "question") {
    const ways: ScriptWay[] = [];
    let left: number = MOST.answers;
    for (const [n, answer] of answers.entries()) {
      const words = cut(plainSource(answer, fill, "choice"), MOST.answer) || NO_WORDS;
      left -= cost(words) + ANSWER_BYTES;
      if (left < 0) break;
      ways.push({ words, to: to[n] });
    }
    if (ways.length < answers.length) {
      remarks.add(
        `It has more answers than a question may have: the last ${answers.length - ways.length} are left out.`,
      );
    }
    return { kind, words: asked || NO_WORDS, prompt: undefined, ways };
  }
  const labels = object(own(one.options, "labels"));
  const placeholder = text(own(labels, "placeholder")).replace(/\s+/g, " ").trim();
  const prompt = within(
    placeholderSource(placeholder || (PROMPTS[one.type] ?? "Type your answer…"), fill),
    1_000,
    cost,
  );
  return { kind, words: asked, prompt, ways: [{ words: undefined, to: to[0] }] };
}

/** A placeholder is plain: it is shown as it stands. */
const placeholderSource = (words: string, fill: Fill): string =>
  words.replace(/\{\{([^{}]*)\}\}/g, (_, name: string) => fill(name.trim()));

/** The picture of an image bubble in our HTML subset; undefined where its address may not stand in a text. */
export function pictureOf({ content }: Block): string | undefined {
  const src = text(own(content, "url")).trim();
  const link = object(own(content, "clickLink"));
  const alt = text(own(link, "alt")).trim();
  if (!/^https:\/\//i.test(src) || /\{\{|\s/.test(src) || src.length > 2_000) return undefined;
  const tag = pictureTag({ src, ...(alt !== "" && { alt: alt.slice(0, 300) }) });
  if (richText(tag).dropped.length > 0) return undefined;
  const href = text(own(link as JsonObject, "url")).trim();
  return href === "" || href.includes("{{") || href.length > 2_000 ? tag : linked(tag, href);
}
