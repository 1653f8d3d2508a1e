import { utf8Length } from "../../text.js";
import { OPERATOR_CHAT } from "../naming.js";
import { toPointer } from "../pointer.js";
import { named, quoted } from "../wording.js";
import { renaming } from "./hand-off.js";
import { type Checked, inFlow, inState } from "./rule.js";

export const MAX_NAME_BYTES = 200;
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);
/** JavaScript moves such keys to the front of an object, and the first key is the start (F1). */
const INTEGER_LIKE = /^(?:0|[1-9]\d*)$/;

/** Names that the format refuses. */
export function badName({ flow, model, report }: Checked): void {
  for (const state of model.states) {
    const { name } = state;
    if (INTEGER_LIKE.test(name)) {
      report.add("bad-name", inState(state), () => ({
        message: `State ${named(name)}: a name must not be a whole number, since JavaScript would move it to the front.`,
        plain: `The name ${quoted(name)} is a number. Give the step a name with a letter.`,
      }));
    } else if (RESERVED.has(name)) {
      report.add("bad-name", inState(state), () => {
        const to = freeName(`${name.replaceAll("_", "")}State`, (taken) => model.byName.has(taken));
        return {
          message: `State ${named(name)}: this name is reserved by JavaScript.`,
          plain: `The name ${quoted(name)} cannot be used. Give the step another one.`,
          fix: { label: `Rename to ${quoted(to)}`, changes: [{ kind: "renameState", from: name, to }] },
        };
      });
    } else if (name.length > MAX_NAME_BYTES / 3 && utf8Length(name) > MAX_NAME_BYTES) {
      report.add("bad-name", inState(state), () => ({
        message: `State ${named(name)}: the name has ${utf8Length(name)} bytes; at most ${MAX_NAME_BYTES} are allowed.`,
        plain: `The name ${quoted(name)} is too long. Shorten it.`,
      }));
    }
  }
  schemaKey(flow, report);
  operatorChat(model, report);
  operatorHandOff(model, report);
}

/** The chat session of a person who takes the conversation over is not the flow's. */
function operatorChat(model: Checked["model"], report: Checked["report"]): void {
  const chat = model.chats.get(OPERATOR_CHAT);
  if (!chat) return;
  const asks = [...chat.starts, ...chat.ends].map((state) => ({ state, key: "sendRequest" }));
  const takes = chat.answer.matches.map((state) => ({ state, key: "matchResponse" }));
  const uses = [...asks, ...takes].sort((a, b) => a.state.index - b.state.index);
  const [first] = uses;
  if (!first) return;
  report.add("bad-name", inState(first.state, first.key, "sessionId"), () => {
    const to = freeName(
      "operatorChat",
      (taken) => model.chats.has(taken) || model.groups.has(taken) || model.handOffs.has(taken),
    );
    return {
      message: `State ${named(first.state.name)}: the chat session ${named(OPERATOR_CHAT)} is that of a person who takes the conversation over.`,
      plain: `The name ${quoted(OPERATOR_CHAT)} is kept for people who take the conversation over. Give this text field another one.`,
      fix: {
        label: `Rename to ${quoted(to)}`,
        changes: uses.map(({ state, key }) => ({
          kind: "set",
          pointer: toPointer([state.name, key, "sessionId"]),
          value: to,
        })),
      },
    };
  });
}

function operatorHandOff(model: Checked["model"], report: Checked["report"]): void {
  const handOff = model.handOffs.get(OPERATOR_CHAT);
  if (!handOff) return;
  const [request, match] = [handOff.requests[0], handOff.matches[0]];
  const first = request ?? match!;
  report.add("bad-name", inState(first, request ? "sendRequest" : "matchResponse", "handOffId"), () => {
    const { chats, groups, handOffs } = model;
    const to = freeName("handOver", (taken) => chats.has(taken) || groups.has(taken) || handOffs.has(taken));
    return {
      message: `State ${named(first.name)}: ${named(OPERATOR_CHAT)} is the chat session of a person who takes the conversation over.`,
      plain: `The name ${quoted(OPERATOR_CHAT)} is kept for people who take the conversation over. Give this step another one.`,
      fix: renaming(handOff, to),
    };
  });
}

/** `$schema` may only be the first key; keys that JavaScript has moved to the front do not count. */
function schemaKey(flow: Checked["flow"], report: Checked["report"]): void {
  if (!Object.hasOwn(flow, "$schema")) return;
  const first = Object.keys(flow).find((name) => !INTEGER_LIKE.test(name));
  if (first === "$schema") return;
  report.add("bad-name", { ...inFlow, path: ["$schema"] }, () => ({
    message: '"$schema" must be the first key of the file; no state can have that name.',
    plain: "The name ‘$schema’ cannot be used. Give the step another one.",
  }));
}

/** `base`, or `base` with the first number that makes it free. */
function freeName(base: string, taken: (name: string) => boolean): string {
  let name = base;
  for (let n = 2; taken(name); n++) name = `${base}${n}`;
  return name;
}
