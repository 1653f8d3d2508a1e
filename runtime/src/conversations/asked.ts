import type { AnswerColumn } from "@parley/shared/api/conversations";
import { type FlowWords, flowWords } from "@parley/shared/session/words";
import type { ConversationReader, Kept } from "../projection/reading.js";
import type { Registry, Version } from "../registry/registry.js";

const KEPT = 64;

/** What published versions say, read once each. */
export class AskedWords {
  readonly #versions = new Map<string, FlowWords>();

  constructor(private readonly registry: Pick<Registry, "text" | "versions" | "live">) {}

  /** Nothing for a version that this process has not read. */
  of(flow: string, version: number): FlowWords {
    const found = this.registry.versions(flow)[version - 1];
    return found ? this.#read(found) : { steps: new Map(), asked: new Map() };
  }

  /** The words of the step where a conversation waits, or else of the one that spoke last; the step's name if it has none. */
  step(
    row: Pick<Kept, "flow" | "version"> & { waits?: string | null | undefined; step?: string | null | undefined },
  ): string | undefined {
    const state = row.waits ?? row.step ?? undefined;
    return state === undefined ? undefined : (this.of(row.flow, row.version).steps.get(state) ?? state);
  }

  /** The words of a state in the newest version of a flow that has it. */
  newest(flow: string, state: string): string | undefined {
    for (const version of this.registry.versions(flow).slice(-KEPT).reverse()) {
      const words = this.#read(version).steps.get(state);
      if (words !== undefined) return words;
    }
    return undefined;
  }

  #read(version: Version): FlowWords {
    const known = this.#versions.get(version.digest);
    if (known) return known;
    const read = flowWords(JSON.parse(this.registry.text(version) ?? "{}") as Record<string, unknown>);
    this.#versions.set(version.digest, read);
    if (this.#versions.size > KEPT) this.#versions.delete(this.#versions.keys().next().value!);
    return read;
  }

  /**
   * The columns of a flow's answers: what the live version asks (the newest, while none is live), in its order; then what
   * older ones asked and somebody answered; then the page's values. Each id is one column over all versions.
   */
  columns(flow: string, reader: Pick<ConversationReader, "known">): AnswerColumn[] {
    const versions = this.registry.versions(flow);
    const reference = this.registry.live(flow) ?? versions.at(-1);
    const now = reference ? this.#read(reference).asked : new Map<string, string>();
    const gone = reader.known(flow, "answered").filter((key) => !now.has(key));
    const titles = new Set(FIXED.map(({ title }) => title));
    const column = (key: string, words: string, isGone: boolean): AnswerColumn => {
      const title = isGone ? `${words} (no longer asked)` : words;
      let own = title;
      for (let n = 2; titles.has(own); n++) own = `${title} (${n})`;
      titles.add(own);
      return { key, title: own, gone: isGone };
    };
    return [
      ...FIXED,
      ...[...now].map(([key, words]) => column(key, words || key.slice(2), false)),
      ...gone.map((key) => {
        const last = versions.findLast((version) => this.#read(version).asked.has(key));
        return column(key, (last && this.#read(last).asked.get(key)) || key.slice(2), true);
      }),
      ...reader.known(flow, "value").map((name) => column(`v:${name}`, name, false)),
    ];
  }
}

const fixed = (key: string, title: string): AnswerColumn => ({ key, title, gone: false });
const FIXED: readonly AnswerColumn[] = [
  fixed("time", "Time (UTC)"),
  fixed("version", "Version"),
  fixed("status", "Status"),
  fixed("step", "Last step"),
  fixed("page", "Page"),
  fixed("conversation", "Conversation"),
];
/** Left out unless it is asked for. */
export const HIDDEN = "conversation";
