import type { Msg } from "@nats-io/transport-node";
import { AppendError } from "../event-log.js";
import { nobody } from "./asks.js";
import { codeOf, type Link, words } from "./link.js";

/** What a stream answers. */
type Ack = {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code: number; readonly description: string };
};

/** The server has answered, and stored nothing. `code`: of its own interface. */
class NotTakenError extends Error {
  override readonly name = "NotTakenError";
  constructor(
    readonly code: number,
    description: string,
  ) {
    super(description);
  }
}

/** No stream takes this subject now. */
class NobodyError extends Error {
  override readonly name = "NobodyError";
}

/** @throws NobodyError, NotTakenError nothing was stored; any other: who knows */
export function ackOf(answer: Msg): { readonly duplicate: boolean } {
  if (nobody(answer)) throw new NobodyError("nobody takes it");
  const { seq, duplicate = false, error } = answer.json<Ack>();
  if (error) throw new NotTakenError(error.err_code, error.description);
  if (!seq) throw new Error("the answer is none of a stream");
  return { duplicate };
}

/** What a failed publication means. */
export function failure(link: Link, cause: unknown): AppendError {
  const { shown } = link.address;
  if (codeOf(cause) !== undefined) {
    const message = `The NATS server ${shown} does not take it (${words(cause)}): give its streams more room, or see its JetStream settings.`;
    return new AppendError("not-stored", message, { cause });
  }
  if (cause instanceof NobodyError) {
    const message = `Nobody takes it at the NATS server ${shown}: it is starting, or has no stream for it (run "npm run setup").`;
    return new AppendError("not-stored", message, { cause });
  }
  const message = `The NATS server ${shown} did not say whether it stored it (${words(cause)}).`;
  return new AppendError("unknown", message, { cause });
}
