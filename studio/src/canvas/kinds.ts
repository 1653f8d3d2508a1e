import {
  IconArrowForwardUp,
  IconBraces,
  IconForms,
  IconHeadset,
  IconListCheck,
  IconMessage,
  IconPencilOff,
  type TablerIcon,
} from "@tabler/icons-react";
import type { NewKind } from "../document/commands/add.js";
import type { StepKind } from "../document/steps.js";

/** How each kind of step is called and drawn. */
export const KINDS: Readonly<Record<StepKind, { label: string; icon: TablerIcon; colour: string }>> = {
  message: { label: "Message", icon: IconMessage, colour: "message" },
  question: { label: "Question", icon: IconListCheck, colour: "question" },
  text: { label: "Ask for text", icon: IconForms, colour: "ask" },
  "hand-off": { label: "Hand over to a person", icon: IconHeadset, colour: "other" },
  "end-text": { label: "Text is closed", icon: IconPencilOff, colour: "ask" },
  answer: { label: "Answer", icon: IconArrowForwardUp, colour: "question" },
  unknown: { label: "Step", icon: IconBraces, colour: "other" },
};

/** What one can add, in the words of palette and lists. */
export const NEW_KINDS: readonly { kind: NewKind; hint: string; words: string }[] = [
  { kind: "message", hint: "The bot says something", words: "say text bot" },
  { kind: "question", hint: "The visitor picks an answer", words: "choice answers buttons ask pick" },
  { kind: "text", hint: "The visitor types an answer", words: "input form type free editor" },
  { kind: "hand-off", hint: "Your team", words: "human agent operator live support inbox transfer" },
];

/** What a step is dragged as, from a palette: its kind as the data. */
export const STEP_DRAG_TYPE = "application/x-parley-step";
/** What a note is dragged as: it goes on no card and no edge. */
export const NOTE_DRAG_TYPE = "application/x-parley-note";
