import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../api.js";

export type Load<Value> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: Value }
  | { readonly state: "offline" }
  | { readonly state: "missing" }
  | { readonly state: "error"; readonly message: string };

/**
 * Loads something and says how far it is. What was loaded stays on the screen while it is loaded again; a lost network
 * is tried again as soon as the browser has it back.
 * @param read gets a signal that ends with the screen
 * @param key names what is loaded: with another one, what was loaded is shown no longer
 */
export function useLoad<Value>(read: (signal: AbortSignal) => Promise<Value>, key: string) {
  const [known, setKnown] = useState<{ readonly key: string; readonly load: Load<Value> }>({ key, load: LOADING });
  const load = known.key === key ? known.load : LOADING;
  const setLoad = (load: Load<Value>) => setKnown({ key, load });
  const [turn, setTurn] = useState(0);
  const reader = useRef(read);
  reader.current = read;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` and `turn` say when to read again
  useEffect(() => {
    const abort = new AbortController();
    reader.current(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setLoad({ state: "ready", value });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setLoad(failure(error));
      },
    );
    return () => abort.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((turn) => turn + 1), []);
  const offline = load.state === "offline";
  useEffect(() => {
    if (!offline) return;
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, [offline, reload]);
  const retry = useCallback(() => {
    setKnown(({ key }) => ({ key, load: LOADING }));
    reload();
  }, [reload]);
  return { load, reload, retry, setValue: (value: Value) => setLoad({ state: "ready", value }) };
}

const LOADING = { state: "loading" } as const;

function failure(error: unknown): Load<never> {
  if (error instanceof ApiError && error.kind === "offline") return { state: "offline" };
  if (error instanceof ApiError && error.status === 404) return { state: "missing" };
  return { state: "error", message: error instanceof Error ? error.message : String(error) };
}
