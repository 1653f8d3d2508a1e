import { useMemo } from "react";
import { useSession } from "../app/session.js";
import { useLoad } from "../app/use-load.js";

/** What the conversations of a flow can be narrowed to: its versions, and the steps where some stopped. */
export function useFlowFilters(flow: string | undefined) {
  const { api } = useSession();
  const { load } = useLoad(
    async (signal) =>
      flow === undefined
        ? undefined
        : (await api("GET /api/flows/{flow}/counts", { path: { flow }, query: {}, signal })).value,
    flow ?? "",
  );
  const counts = load.state === "ready" ? load.value : undefined;
  return useMemo(
    () => ({
      versions: (counts?.versions ?? []).map(({ version }) => version).reverse(),
      waits: (counts?.states ?? [])
        .filter(({ stopped }) => stopped > 0)
        .sort((a, b) => b.stopped - a.stopped)
        .map(({ state, words }) => ({ value: state, label: words ?? state })),
    }),
    [counts],
  );
}

/** The flows by name, to choose one from. */
export function useFlowChoices() {
  const { api } = useSession();
  const { load } = useLoad(async (signal) => {
    const [active, archived] = await Promise.all(
      (["no", "yes"] as const).map((archived) => api("GET /api/flows", { signal, query: { archived } })),
    );
    return [...(active?.value.flows ?? []), ...(archived?.value.flows ?? [])];
  }, "");
  return useMemo(
    () => (load.state === "ready" ? load.value.map(({ id, title }) => ({ value: id, label: title })) : []),
    [load],
  );
}
