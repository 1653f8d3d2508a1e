import { type ModelState, pathOf, type TextField } from "../model.js";
import { toPointer } from "../pointer.js";
import { type RichNode, richText } from "../rich-text.js";
import { picturesOfText } from "../text-pictures.js";
import { describe, named } from "../wording.js";
import { type Checked, inState } from "./rule.js";

/** There are no words to name the step by, and its name in the file says nothing to a reader. */
const EMPTY: Readonly<Record<TextField["role"], string>> = {
  content: "A message is empty.",
  question: "A question has no words.",
  item: "An answer is empty.",
  chatText: "A text question is empty.",
  chatPrompt: "The hint in the editor is empty.",
};
/** Without these the step makes no sense; the prompt of an editor may be blank. */
const MUST_SAY: ReadonlySet<TextField["role"]> = new Set(["content", "question", "item", "chatText"]);

/** Texts of which a reader would see nothing. */
export function emptyText({ model, report }: Checked): void {
  for (const state of model.states) {
    for (const field of state.texts) {
      if (!MUST_SAY.has(field.role) || !isBlank(field)) continue;
      report.add("empty-text", inState(state, ...pathOf(field)), () => ({
        message: `State ${named(state.name)}: "${field.field}" is blank.`,
        plain: emptyWords(state, field),
        fix: field.role === "chatText" ? withoutText(state, field) : undefined,
      }));
    }
    if (state.expected !== undefined && state.expected.trim() === "") {
      report.add("empty-text", inState(state, "matchResponse", "content"), () => ({
        message: `State ${named(state.name)}: "content" is blank, and a visitor cannot send a blank text.`,
        plain: `${describe(state)} is empty, and a visitor cannot send that.`,
      }));
    }
  }
}

function emptyWords(state: ModelState, { role }: TextField): string {
  const question = state.texts.find((text) => text.role === "question");
  return role === "item" && question && !isBlank(question) ? `${describe(state)} has an empty answer.` : EMPTY[role];
}

const withoutText = (state: ModelState, field: TextField) => ({
  label: "Say nothing here",
  changes: [{ kind: "remove", pointer: toPointer([state.name, ...pathOf(field)]) } as const],
});

function isBlank({ source, role }: TextField): boolean {
  if (/[^\s<>]/u.test(source) && !/[<&]/.test(source)) return false;
  return !shows(richText(source, role === "item" ? "choice" : "text").tree);
}

/** Whether a tree holds a picture or a character to see. */
function shows(nodes: readonly RichNode[]): boolean {
  return nodes.some((node) => ("text" in node ? node.text.trim() !== "" : node.tag === "img" || shows(node.children)));
}

/** Rich text of which something is dropped. */
export function unsafeHtml({ model, report }: Checked): void {
  for (const state of model.states) {
    if (report.full) return;
    for (const field of state.texts) {
      // Only what begins with `<` can be dropped.
      if (field.role === "chatPrompt" || !field.source.includes("<")) continue;
      const { dropped } = richText(field.source, field.role === "item" ? "choice" : "text");
      if (dropped.length === 0) continue;
      report.add("unsafe-html", inState(state, ...pathOf(field)), () => {
        const shown = dropped.slice(0, 5).map((what) => what.replace(/\s+/gu, " "));
        const list = `${shown.join(", ")}${dropped.length > shown.length ? " and more" : ""}`;
        return {
          message: `State ${named(state.name)}: of "${field.field}" this is not shown: ${list}.`,
          plain: `${describe(state)} holds something that is not shown: ${list}.`,
        };
      });
    }
  }
}

/** Pictures of which nobody has said what is on them. */
export function pictureWithoutAlt({ model, report }: Checked): void {
  for (const state of model.states) {
    if (report.full) return;
    for (const field of state.texts) {
      if (field.role === "chatPrompt" || field.role === "item" || !/<img/i.test(field.source)) continue;
      if (picturesOfText(field.source).every(({ alt }) => alt !== undefined)) continue;
      report.add("picture-without-alt", inState(state, ...pathOf(field)), () => ({
        message: `State ${named(state.name)}: a picture in "${field.field}" has no "alt".`,
        plain: `${describe(state)} shows a picture, and does not say what is on it to those who cannot see it.`,
      }));
    }
  }
}

/** Numbers where ids are strings. */
export function numberId({ model, flow, report }: Checked): void {
  for (const state of model.states) {
    for (const path of state.numbers) {
      report.add("number-id", inState(state, ...path), () => {
        const id = String(path.reduce<unknown>((value, step) => (value as never)[step], flow[state.name]));
        const change = { kind: "set", pointer: toPointer([state.name, ...path]), value: id } as const;
        return {
          message: `State ${named(state.name)}: "${path.at(-1)}" is the number ${id}; it is read as the string "${id}".`,
          plain: `${describe(state)} has a number as its ID in the file; it should be a text.`,
          fix: { label: `Write it as "${id}"`, changes: [change] },
        };
      });
    }
  }
}
