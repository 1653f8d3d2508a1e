import type { Layout } from "@parley/shared/flow/layout";
import type { FlowJson } from "../document/draft.js";

/**
 * The drawing of the states that another flow has as well, with the notes; none when it has none of them. A file without
 * a drawing may be an edited copy of the flow that is open.
 */
export function keptLayout({ positions = {}, groups = [], notes }: Layout, flow: FlowJson): Layout {
  const here = (state: string) => Object.hasOwn(flow, state);
  const places = Object.fromEntries(Object.entries(positions).filter(([state]) => here(state)));
  if (Object.keys(places).length === 0) return {};
  const left = groups
    .map((group) => ({ ...group, states: group.states.filter(here) }))
    .filter(({ states }) => states.length > 0);
  return { positions: places, ...(notes && { notes }), ...(left.length > 0 && { groups: left }) };
}
