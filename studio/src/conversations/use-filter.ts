import { useCallback, useState } from "react";
import { type Filter, filterSearch, only, readFilter } from "./filter.js";

/** The filter of a screen. It stands in the address, so that a reload and the way back keep it. */
export function useFilter(): readonly [Filter, (change: Partial<Record<keyof Filter, string | undefined>>) => void] {
  const [filter, setFilter] = useState(() => readFilter(window.location.search));
  const change = useCallback((change: Partial<Record<keyof Filter, string | undefined>>) => {
    setFilter((before) => {
      const now = only({ ...before, ...change }) as Filter;
      window.history.replaceState(window.history.state, "", window.location.pathname + filterSearch(now));
      return now;
    });
  }, []);
  return [filter, change];
}
