import {
  IconArrowMerge,
  IconArrowsSplit,
  IconLink,
  IconNote,
  IconPlus,
  IconRowInsertBottom,
} from "@tabler/icons-react";
import type { Action } from "../app/editor/action.js";
import type { Desk } from "../app/editor/desk.js";
import { addNew, type NewKind } from "../document/commands/add.js";
import { addAnswer } from "../document/commands/answers.js";
import { askInstead } from "../document/commands/ask.js";
import type { CommandResult } from "../document/commands/command.js";
import { leadRest } from "../document/commands/connect.js";
import { restOf } from "../document/rest.js";
import { handEdge, handPort, handStep } from "./hand.js";
import { KINDS, NEW_KINDS } from "./kinds.js";
import { writeNote } from "./write-note.js";

/** What the canvas adds to a command that places something, if there is one on the screen. */
const settled = ({ canvas }: Desk, result: CommandResult): CommandResult => canvas.current?.settled(result) ?? result;

/** Adds a step after what is in hand, where that leads nowhere yet; else alone. */
export function addNext(desk: Desk, kind: NewKind): void {
  const { draft, run, steps } = desk.editor.getState();
  const port = handPort(desk);
  const free = port && steps.byId.get(port.step)?.ports.some(({ id, to }) => id === port.port && to === undefined);
  const after = free ? port : undefined;
  const at = desk.canvas.current?.place(kind, after);
  run(settled(desk, addNew(draft, kind, { ...(after && { after }), ...(at && { at }) })), "Add a step");
}

export const ADD_ACTIONS: readonly Action[] = [
  ...NEW_KINDS.map(
    ({ kind, words, hint }): Action => ({
      id: `add-${kind}`,
      label: `Add: ${KINDS[kind].label}`,
      group: "Add",
      icon: KINDS[kind].icon,
      where: "steps",
      edits: true,
      words: `new step ${words} ${hint}`,
      run: (desk) => addNext(desk, kind),
    }),
  ),
  {
    id: "add-after",
    label: "Add what follows…",
    group: "Add",
    icon: IconPlus,
    keys: ["a"],
    where: "steps",
    edits: true,
    words: "new next step append",
    run: (desk) => {
      const from = handPort(desk);
      const anchor = from && desk.canvas.current?.anchor(from.step, from.port);
      desk.bench.setState({ picker: { purpose: "add", ...(from && { from }), ...(anchor && { anchor }) } });
    },
  },
  {
    id: "insert",
    label: "Insert on this connection…",
    group: "Add",
    icon: IconRowInsertBottom,
    keys: ["i"],
    where: "steps",
    edits: true,
    words: "between edge splice new step",
    enabled: (desk) => handEdge(desk) !== undefined,
    run: (desk) => {
      const from = handEdge(desk)!;
      const anchor = desk.canvas.current?.anchor(from.step, from.port);
      desk.bench.setState({ picker: { purpose: "insert", from, ...(anchor && { anchor }) } });
    },
  },
  {
    id: "connect",
    label: "Lead to…",
    group: "Add",
    icon: IconLink,
    keys: ["c"],
    where: "steps",
    edits: true,
    words: "connect edge then link go",
    enabled: (desk) => handPort(desk) !== undefined,
    run: (desk) => {
      const from = handPort(desk)!;
      const anchor = desk.canvas.current?.anchor(from.step, from.port);
      desk.bench.setState({ picker: { purpose: "connect", from, ...(anchor && { anchor }) } });
    },
  },
  {
    id: "lead-rest",
    label: "Lead the other answers there too",
    group: "Add",
    icon: IconArrowMerge,
    keys: ["shift+c"],
    where: "steps",
    edits: true,
    words: "connect all rest same edge ways next",
    enabled: (desk) => restOf(handStep(desk), desk.bench.getState().port) !== undefined,
    run: (desk) => {
      const { draft, run } = desk.editor.getState();
      const from = restOf(handStep(desk), desk.bench.getState().port);
      if (from !== undefined) run(leadRest(draft, { from }), "Connect");
    },
  },
  {
    id: "add-answer",
    label: "Add an answer",
    group: "Add",
    icon: IconArrowsSplit,
    keys: ["shift+a"],
    where: "steps",
    edits: true,
    words: "choice button option expected text",
    enabled: (desk) => ["question", "text", "message"].includes(handStep(desk)?.kind ?? ""),
    run: (desk) => {
      const { draft, run } = desk.editor.getState();
      const { id: step, kind } = handStep(desk)!;
      // By its first answer a message becomes a question.
      run(
        kind === "message" ? askInstead(draft, { step, as: "question" }) : addAnswer(draft, { step }),
        "Add an answer",
      );
    },
  },
  {
    id: "add-note",
    label: "Add a note",
    group: "Add",
    icon: IconNote,
    keys: ["shift+s"],
    where: "steps",
    edits: true,
    words: "sticky comment remark",
    run: (desk) => {
      const at = desk.canvas.current?.pointer() ?? desk.canvas.current?.place("message") ?? { x: 0, y: 0 };
      writeNote(desk, at);
    },
  },
];
