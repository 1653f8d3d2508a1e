import { readFileSync } from "node:fs";
import { compile } from "../flow/compile.js";
import type { AnswerMessage, RequestMessage } from "../message.js";
import { type Effect, NEW_SESSION, type Session, type SessionEvent } from "../session/state.js";
import { step } from "../session/step.js";

/** A flow of the folder `flows`, by its name. */
export const flowFile = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../flows/${name}.json`, import.meta.url), "utf8"));

export const choice = (groupId: string, itemId: string): AnswerMessage => ({ kind: "ChoiceResponse", groupId, itemId });
export const text = (sessionId: string, content: string): AnswerMessage => ({ kind: "UserText", sessionId, content });
export const answer = (message: AnswerMessage, re?: number): SessionEvent => ({
  kind: "answer",
  message,
  ...(re !== undefined && { re }),
});

/** A run in words: the states that sent something, then its turn. */
export const said = (effects: readonly Effect[]): string[] =>
  effects.flatMap((e) =>
    e.kind === "send"
      ? [e.state ?? `(${e.message.kind})`]
      : [`turn${e.refused ? ` ${e.refused}` : ""}${e.ended ? " ended" : ""}`],
  );
export const turn = (effects: readonly Effect[]): Effect => effects.find((effect) => effect.kind === "turn")!;
export const messages = (effects: readonly Effect[]): RequestMessage[] =>
  effects.flatMap((e) => (e.kind === "send" ? [e.message] : []));

/** Steps a flow from its beginning over events; what each said, and the last state and effects. */
export function play(
  flow: unknown,
  ...events: SessionEvent[]
): { said: string[][]; session: Session; effects: Effect[] } {
  const program = compile(flow);
  let session = NEW_SESSION;
  let effects: Effect[] = [];
  const all: string[][] = [];
  for (const event of [{ kind: "begin" } as const, ...events]) {
    [session, effects] = step(program, session, event);
    all.push(said(effects));
  }
  return { said: all, session, effects };
}
