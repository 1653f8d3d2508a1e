import { useEffect } from "react";
import { useSession } from "../session.js";
import { useLoad } from "../use-load.js";

/**
 * Begins an example on the server, as the preview of a flow is begun, and ends it with what shows it.
 * @param turn with another one it begins again
 */
export function useExamplePreview(template: string, turn: number) {
  const { api } = useSession();
  const { load, retry } = useLoad(async (signal) => {
    const { value } = await api("POST /api/templates/{template}/previews", { path: { template } });
    const { ticket, trace } = value;
    // Whether that comes to pass or not: without its tab it ends by itself.
    const end = () =>
      void api("DELETE /api/templates/{template}/previews/{preview}", {
        path: { template, preview: trace.preview },
      }).catch(() => undefined);
    // Nobody looks at it any more.
    if (signal.aborted) end();
    return { ticket, end };
  }, `${template} ${turn}`);
  const end = load.state === "ready" ? load.value.end : undefined;
  useEffect(() => end, [end]);
  return { load, retry };
}
