import type { PreviewTrace } from "@parley/shared/api/preview";
import type { LogRecord } from "@parley/shared/record";
import { Conversation } from "@parley/shared/session/conversation";
import { type RecordedInput, type RecordedRun, recordings } from "@parley/shared/session/recording";

/** An answer with the id and the time of its record: given again, it keeps them. */
export type Given = { readonly id: string; readonly at: string; readonly input: RecordedInput };

/** A session of a preview as it is known so far. */
export class Watched {
  readonly #records: LogRecord[] = [];
  readonly #conversation = new Conversation();
  readonly #waiting = new Set<() => void>();
  /** The last answer, when it was not taken. */
  refused: PreviewTrace["refused"];

  /** Takes a durable record. @returns whether a run has ended with it */
  push(record: LogRecord): boolean {
    this.#records.push(record);
    let turned = false;
    for (const event of this.#conversation.push(record)) {
      if (event.kind !== "turn") continue;
      turned = true;
      this.refused = event.refused === undefined ? undefined : this.#refusal(event.of, event.refused);
    }
    if (this.settled) for (const wake of this.#waiting) wake();
    return turned;
  }

  #refusal(of: string, code: string): PreviewTrace["refused"] {
    const input = this.#records.find(({ id }) => id === of);
    const message = input?.payload?.kind === "Response" ? input.payload.message : undefined;
    const state = message && this.#conversation.asked(message)?.state;
    return {
      code,
      ...(state !== undefined && { state }),
      ...(message?.kind === "ChoiceResponse" && { item: message.itemId }),
    };
  }

  /** Every input has its run. */
  get settled(): boolean {
    return this.#conversation.inputs > 0 && this.#conversation.unfinished.length === 0;
  }

  /** Resolves when so many inputs are there, and each has its run. */
  async answered(inputs: number): Promise<void> {
    while (!this.settled || this.#conversation.inputs < inputs) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  get inputs(): number {
    return this.#conversation.inputs;
  }

  /** The runs of the conversation that goes on now: since the last start over. */
  get runs(): readonly RecordedRun[] {
    return recordings(this.#records).at(-1)?.runs ?? [];
  }
}

/** The answers of these runs, to be given again. */
export const givenIn = (runs: readonly RecordedRun[]): Given[] =>
  runs.flatMap(({ id, at, input }) => (input ? [{ id, at, input }] : []));

/** Messages with the states that they came from, an answer with the one that took it. */
export function messagesOf(runs: readonly RecordedRun[]): PreviewTrace["messages"] {
  return runs.flatMap(({ said, matched, sent }) => [
    ...(said === undefined
      ? []
      : [{ seq: said, mine: true as const, ...(matched !== undefined && { state: matched }) }]),
    ...sent.map(({ seq, state }) => ({ seq, state })),
  ]);
}
