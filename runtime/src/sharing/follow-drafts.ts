import type { Logger } from "pino";
import type { Previews } from "../preview/previews.js";
import type { StudioEvents } from "../studio/events.js";
import { Refusal } from "../studio/refusal.js";
import type { StudioStore } from "../studio/store.js";
import { askerOf } from "./readers.js";
import { type LinkedDraft, readLinked } from "./shared-draft.js";

export type FollowOptions = {
  readonly store: StudioStore;
  readonly previews: Previews;
  readonly events: StudioEvents;
  readonly logger: Logger;
};

/**
 * Moves the conversations of readers along when the draft is saved, for links that show it as it is edited: what they
 * answered is given again. One flow at a time, each time with the newest draft.
 * @returns the function that ends it
 */
export function followDrafts({ store, previews, events, logger }: FollowOptions): () => void {
  /** What each conversation is on. */
  const said = new Map<string, string>();
  /** Flows whose conversations are being moved; true: once more, the draft is another already. */
  const moving = new Map<string, boolean>();

  const follow = async (flow: string): Promise<void> => {
    if (moving.has(flow)) return void moving.set(flow, true);
    try {
      do {
        moving.set(flow, false);
        await moveAll(flow);
      } while (moving.get(flow));
    } finally {
      moving.delete(flow);
    }
  };

  const moveAll = async (flow: string): Promise<void> => {
    let draft: LinkedDraft | undefined;
    for (const { owner, id } of previews.guests(flow)) {
      const link = store.links.find(owner.slice("link ".length));
      if (!link || link.json !== null) continue;
      draft ??= await readLinked(store, link);
      if (said.get(id) === draft.said) continue;
      said.set(id, draft.said);
      const change = { draft: { flow: draft.flow, settings: draft.settings } };
      await previews.change(askerOf(link), flow, id, change).catch((error: unknown) => {
        // It has ended meanwhile, or there is no room for the draft as it is now: then it stays on the one before.
        if (!(error instanceof Refusal)) throw error;
      });
    }
    const there = new Set(previews.guests().map(({ id }) => id));
    for (const id of said.keys()) if (!there.has(id)) said.delete(id);
  };

  return events.on((event) => {
    if (event.kind !== "saved" || previews.guests(event.flow).length === 0) return;
    const { flow } = event;
    follow(flow).catch((error: unknown) => {
      logger.error({ err: error, flow }, "the readers of a draft stayed on an earlier one");
    });
  });
}
