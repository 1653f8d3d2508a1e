import type { EventLog } from "./event-log.js";

/** Who types in a conversation: the visitor, or the person of this name who has it. */
export type Typing = { readonly who: "visitor" } | { readonly who: "person"; readonly name: string };

/** As long as the names that people act under. */
const NAME_LENGTH = 100;

/** Tells every process that somebody types in a session. Best effort: it is never stored, and nothing may depend on it. */
export function tellTyping(log: Pick<EventLog, "signal">, sid: string, typing: Typing): void {
  log.signal(sid, { typing });
}

/** Hears it, until what it returns is called. What another shape has is none. */
export function hearTyping(
  log: Pick<EventLog, "onSignal">,
  listener: (sid: string, typing: Typing) => void,
): () => void {
  return log.onSignal((sid, data) => {
    const typing = typingOf(data);
    if (typing) listener(sid, typing);
  });
}

function typingOf(data: unknown): Typing | undefined {
  const { who, name } = ((data as { typing?: unknown } | null)?.typing ?? {}) as { who?: unknown; name?: unknown };
  if (who === "visitor") return { who };
  return who === "person" && typeof name === "string" && name.length <= NAME_LENGTH ? { who, name } : undefined;
}
