import { useCallback, useEffect, useRef, useState } from "react";
import { useSession } from "../app/session.js";
import { useKeptLoad } from "./use-kept-load.js";

const PAGE = 50;
const MOST = 200;
/** Of what happens in a burst, one reading is enough; ms. */
const AGAIN_AFTER = 700;

type Row = { readonly id: string };
/** A part of a list, newest first. */
export type Page<R extends Row, More> = {
  readonly rows: readonly R[];
  readonly next: string | undefined;
  readonly more: More;
};
type Ask = { readonly limit: string; readonly after?: string };

/**
 * A list that is loaded a page at a time and stays up to date at its beginning.
 * @param key says what is listed: another one is loaded anew
 * @param flow whose conversations; undefined: all
 */
export function usePages<R extends Row, More>(
  read: (ask: Ask, signal: AbortSignal) => Promise<Page<R, More>>,
  key: string,
  flow: string | undefined,
) {
  const { socket } = useSession();
  const known = useRef<{ key: string; page: Page<R, More> }>(undefined);
  const [reading, setReading] = useState(false);
  const list = useKeptLoad(async (signal) => {
    const before = known.current?.key === key ? known.current.page : undefined;
    const limit = Math.min(MOST, Math.max(PAGE, Math.ceil((before?.rows.length ?? 0) / PAGE) * PAGE));
    const page = joined(await read({ limit: String(limit) }, signal), before);
    known.current = { key, page };
    return page;
  }, key);
  const { reload, setValue } = list;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = socket.listen((news) => {
      const mine = news.kind === "ConversationsChanged" && (flow === undefined || news.flow === flow);
      if (!mine && news.kind !== "Opened") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, AGAIN_AFTER);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [socket, flow, reload]);

  const more = useCallback(async () => {
    const before = known.current?.page;
    if (before?.next === undefined) return;
    setReading(true);
    try {
      const page = await read({ limit: String(PAGE), after: before.next }, new AbortController().signal);
      const all = { ...page, rows: [...before.rows, ...page.rows] };
      if (known.current?.key !== key) return;
      known.current = { key, page: all };
      setValue(all);
    } catch {
      reload(); // Says what is the matter.
    } finally {
      setReading(false);
    }
  }, [read, key, reload, setValue]);
  return { ...list, more, reading };
}

/** The beginning of a list anew, and behind it what was loaded of the rest. */
function joined<R extends Row, More>(fresh: Page<R, More>, before: Page<R, More> | undefined): Page<R, More> {
  const last = fresh.rows.at(-1)?.id;
  const at = before?.rows.findIndex(({ id }) => id === last) ?? -1;
  const rest = before && at >= 0 ? before.rows.slice(at + 1) : [];
  return rest.length === 0 ? fresh : { ...fresh, rows: [...fresh.rows, ...rest], next: before?.next };
}
