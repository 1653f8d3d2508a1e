import { findRenames as renamesOf } from "@parley/shared/flow/find-renames";
import type { Layout } from "@parley/shared/flow/layout";
import type { Change } from "./change.js";
import type { Draft } from "./draft.js";

/** The renames among what changed between two drafts, as changes; see `findRenames` of the flow. */
export function findRenames(from: Draft, to: Draft): Change[] {
  const drawn = { from: drawnAt(from.layout), to: drawnAt(to.layout) };
  return renamesOf(from.flow, to.flow, drawn).map((rename): Change => ({ ...rename, follows: true }));
}

const drawnAt =
  ({ positions = {} }: Layout) =>
  (name: string): string | undefined => {
    const at = Object.hasOwn(positions, name) ? positions[name] : undefined;
    return at && `${at.x} ${at.y}`;
  };
