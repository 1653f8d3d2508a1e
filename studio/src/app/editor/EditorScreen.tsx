import type { CallApi } from "../../api.js";
import type { Draft } from "../../document/draft.js";
import { type Live, liveOfSummary } from "../../publish/live.js";
import { Loaded } from "../Loaded.js";
import { Page } from "../Page.js";
import { useSession } from "../session.js";
import { useLoad } from "../use-load.js";
import { EditorDesk } from "./EditorDesk.js";
import { EditorSkeleton } from "./EditorSkeleton.js";
import { readDraft } from "./read-draft.js";

export type Opened = {
  readonly draft: Draft;
  readonly text: string | undefined;
  readonly etag: string;
  readonly live: Live;
  readonly title: string;
  readonly archived: boolean;
};

/** One open flow. */
export function EditorScreen({ flow }: { flow: string }) {
  const { api } = useSession();
  const { load, retry } = useLoad((signal) => openFlow(api, flow, signal), flow);
  if (load.state !== "ready" && load.state !== "loading")
    return (
      <Page>
        <Loaded whole load={load} retry={retry} what="The flow" loading={null}>
          {() => null}
        </Loaded>
      </Page>
    );
  return (
    <Loaded load={load} retry={retry} what="The flow" loading={<EditorSkeleton />}>
      {(opened) => <EditorDesk flow={flow} opened={opened} again={retry} />}
    </Loaded>
  );
}

async function openFlow(api: CallApi, flow: string, signal: AbortSignal): Promise<Opened> {
  const path = { flow };
  const [draft, { value: summary }] = await Promise.all([
    api("GET /api/flows/{flow}/draft", { path, signal }),
    api("GET /api/flows/{flow}", { path, signal }),
  ]);
  return {
    ...readDraft(draft.value),
    etag: draft.etag,
    live: await liveOfSummary(api, summary, { signal }),
    title: summary.title,
    archived: summary.archived !== undefined,
  };
}
