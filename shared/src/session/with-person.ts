import type { Program } from "../flow/compile.js";
import { OPERATOR_CHAT } from "../flow/naming.js";
import type { AnswerMessage, RefusalCode } from "../message.js";
import {
  type Effect,
  NEW_SESSION,
  type Open,
  openHandOff,
  type SendEffect,
  type Session,
  type Standing,
  type TurnEffect,
} from "./state.js";

/** Nothing has changed. */
export const refuse = (session: Session, refused: RefusalCode): [Session, Effect[]] => [
  session,
  [turn(session.ended, { refused })],
];

/** Whether the visitor has been shown what opened it; of a run that was cut (L8) something may be open that was not. */
const isShown = ({ seq }: Session, open: { readonly seq: number }): boolean => open.seq <= seq;

/** What decides whether an act counts: of a hand-off only one that everybody has seen. */
export function standing(session: Session): Standing {
  const { act, taken } = session;
  const open = openHandOff(session);
  return { act, taken, handOff: open && isShown(session, open) ? open : undefined };
}

/**
 * H1, H5: sees to it that the chat session is open in which the visitor talks with a person: that of the hand-off, or one
 * of its own. Where the run that led to the hand-off was cut before it was shown, nothing else of that run is open.
 */
export function openForPerson(program: Program, session: Session, by: string): [Session, Effect[]] {
  const handOff = openHandOff(session);
  const chat = handOff ?? session.chats.get(OPERATOR_CHAT);
  if (chat && (program.step === 1 || isShown(session, chat))) return [session, [turn(false)]];
  const seq = session.seq + 1;
  const questions = new Map([...session.questions].filter(([, open]) => !handOff || isShown(session, open)));
  const chats = new Map([...session.chats].filter(([, open]) => !handOff || isShown(session, open)));
  const asked = handOff?.message.handOff;
  const sessionId = handOff?.message.sessionId ?? OPERATOR_CHAT;
  const message = { kind: "StartChatSession", sessionId, ...(asked && { handOff: asked }) } as const;
  chats.set(sessionId, { seq, state: undefined, message });
  return [{ ...session, seq, questions, chats }, [{ kind: "send", state: undefined, message, by }, turn(false)]];
}

/** H3, H4: nobody but the bot has the conversation, and the person's editor is closed. */
export function withoutPerson(session: Session, by: string): [Session, SendEffect[]] {
  if (!session.taken) return [session, []];
  return closeChat({ ...session, taken: false }, openHandOff(session)?.message.sessionId ?? OPERATOR_CHAT, by);
}

export function closeChat(session: Session, sessionId: string, by?: string): [Session, SendEffect[]] {
  const message = { kind: "EndChatSession", sessionId } as const;
  const chats = new Map(session.chats);
  chats.delete(sessionId);
  const sent = { kind: "send", state: undefined, message, ...(by !== undefined && { by }) } as const;
  return [{ ...session, seq: session.seq + 1, chats }, [sent]];
}

/** H3, H4: asks again what is open, the oldest first. */
export function askAgain(session: Session, effects: SendEffect[]): [Session, Effect[]] {
  const questions = new Map<string, Open<"ChoiceRequest">>();
  const chats = new Map<string, Open<"StartChatSession">>();
  let { seq } = session;
  const asked = [...session.questions.values(), ...session.chats.values()].sort((a, b) => a.seq - b.seq);
  for (const { state, message } of asked) {
    const again = { kind: "send", state, message } as const;
    seq += 1;
    open(again, seq, questions, chats);
    effects.push(again);
  }
  const ended = questions.size === 0 && chats.size === 0;
  return [{ ...session, seq, questions, chats, ended }, [...effects, turn(ended)]];
}

/** H4: nothing is open any more; the editors that were are closed. */
export function closeAll(session: Session, by: string): [Session, SendEffect[]] {
  const [alone, effects] = withoutPerson(session, by);
  for (const { message, state } of alone.chats.values()) {
    effects.push({ kind: "send", state, message: { kind: "EndChatSession", sessionId: message.sessionId } });
  }
  const { questions, chats } = NEW_SESSION;
  return [{ ...alone, seq: session.seq + effects.length, questions, chats, ended: true }, effects];
}

/** H2, H5: what is said to the person who is there or waited for; the flow's own questions wait. */
export function answerPerson(
  session: Session,
  handOff: Open<"StartChatSession"> | undefined,
  answer: AnswerMessage,
  re: number | undefined,
): [Session, Effect[]] {
  const chat = handOff ?? session.chats.get(OPERATOR_CHAT);
  if (answer.kind !== "UserText" || answer.sessionId !== (handOff?.message.sessionId ?? OPERATOR_CHAT)) {
    return refuse(session, "paused");
  }
  if (re !== undefined && re !== chat?.seq) return refuse(session, "stale");
  return [{ ...session, seq: session.seq + 1 }, [turn(false)]];
}

/** The end of a run. Neither this nor a session is made by spreading another: V8 gives each copy of a copy a shape. */
export function turn(
  ended: boolean,
  rest: { refused?: RefusalCode; failed?: string | undefined; state?: string | undefined } = {},
): TurnEffect {
  const effect: { -readonly [K in keyof TurnEffect]: TurnEffect[K] } = { kind: "turn" };
  if (rest.refused !== undefined) effect.refused = rest.refused;
  if (ended) effect.ended = true;
  if (rest.failed !== undefined) effect.failed = rest.failed;
  if (rest.state !== undefined) effect.state = rest.state;
  return effect;
}

/** F3: what a request opens, replaces or closes. */
export function open(
  { message, state }: SendEffect,
  seq: number,
  questions: Map<string, Open<"ChoiceRequest">>,
  chats: Map<string, Open<"StartChatSession">>,
): void {
  switch (message.kind) {
    case "ChoiceRequest":
      questions.set(message.groupId, { seq, state, message });
      break;
    case "StartChatSession":
      chats.set(message.sessionId, { seq, state, message });
      break;
    case "EndChatSession":
      chats.delete(message.sessionId);
      break;
    case "BotText":
      break;
    default:
      message satisfies never;
  }
}
