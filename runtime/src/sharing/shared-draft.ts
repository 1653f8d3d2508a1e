import type { SharedDraft } from "@parley/shared/api/links";
import type { Layout } from "@parley/shared/flow/layout";
import type { Settings } from "@parley/shared/flow/settings";
import type { LinkRow } from "../studio/draft-links.js";
import type { StudioStore } from "../studio/store.js";

type Digests = { readonly json: string; readonly layout: string; readonly settings: string };
/** The draft of a link: as it was when the link was made, or as it is now. */
export type LinkedDraft = {
  /** Another whenever the draft of the link is. */
  readonly etag: string;
  /** Another whenever a conversation could be. */
  readonly said: string;
  readonly flow: Record<string, unknown>;
  readonly layout: Layout;
  readonly settings: Settings;
};

export async function readLinked(store: StudioStore, link: LinkRow): Promise<LinkedDraft> {
  const { json, layout, settings } = digestsOf(store, link);
  const texts = await Promise.all([json, layout, settings].map((digest) => store.blobs.text(digest)));
  const [flow, drawing, given] = texts.map((text) => JSON.parse(text));
  return {
    etag: etagOf({ json, layout, settings }),
    said: `${json} ${settings}`,
    flow,
    layout: drawing,
    settings: given,
  };
}

function digestsOf(store: StudioStore, { flow, json, layout, settings }: LinkRow): Digests {
  return json !== null && layout !== null && settings !== null
    ? { json, layout, settings }
    : store.drafts.current(flow);
}

const etagOf = ({ json, layout, settings }: Digests): string =>
  [json, layout, settings].map((digest) => digest.slice(0, 16)).join("-");

/** What a reader gets of a drawing: notes are for who works on the flow. */
export function drawingOf({ flow, layout }: LinkedDraft): NonNullable<SharedDraft["drawing"]> {
  const { positions, groups } = layout;
  return { flow, layout: { ...(positions && { positions }), ...(groups && { groups }) } };
}
