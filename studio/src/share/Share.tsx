import { useDesk } from "../app/editor/desk.js";
import { Loaded } from "../app/Loaded.js";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";
import { DialogSkeleton } from "../publish/DialogSkeleton.js";
import { LinkList } from "./LinkList.js";
import { NewLink } from "./NewLink.js";
import { SentList } from "./SentList.js";

/** What is in the dialog: it is loaded when it is first opened. */
export function Share() {
  const { api } = useSession();
  const { flowId } = useDesk().editor.getState();
  const { load, reload, retry } = useLoad(
    async (signal) => (await api("GET /api/flows/{flow}/links", { path: { flow: flowId }, signal })).value,
    flowId,
  );
  return (
    <>
      <NewLink made={reload} />
      <Loaded load={load} retry={retry} what="The links" loading={<DialogSkeleton />}>
        {({ links, sent }) => (
          <>
            <LinkList links={links} changed={reload} />
            <SentList sent={sent} changed={reload} />
          </>
        )}
      </Loaded>
    </>
  );
}
