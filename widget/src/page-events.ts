/** What happens to the page that a conversation has to know of. */
export type PageActs = {
  /** Back from the page cache, or the network is. */
  readonly resume: () => void;
  /** A page kept for "back" may hold no socket. */
  readonly pause: () => void;
  /** Whether the server is still there is not known. */
  readonly doubt: () => void;
  /** Another tab has written under this key; null: everything was cleared. */
  readonly stored: (key: string | null) => void;
  /** The visible part of the page has another size: a phone's keyboard came or went. */
  readonly fit: () => void;
};

/** Listens to the page. Returns the function that ends it. */
export function listenToPage(acts: PageActs): () => void {
  const end = new AbortController();
  const { signal } = end;
  const seen = () => {
    if (document.visibilityState === "visible") acts.doubt();
  };
  window.addEventListener("online", acts.resume, { signal });
  window.addEventListener("offline", acts.doubt, { signal });
  window.addEventListener("pageshow", acts.resume, { signal });
  window.addEventListener("pagehide", acts.pause, { signal });
  window.addEventListener("storage", ({ key }) => acts.stored(key), { signal });
  document.addEventListener("visibilitychange", seen, { signal });
  window.visualViewport?.addEventListener("resize", acts.fit, { signal });
  window.visualViewport?.addEventListener("scroll", acts.fit, { signal });
  return () => end.abort();
}
