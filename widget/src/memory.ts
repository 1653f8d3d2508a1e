/** What `localStorage` and `sessionStorage` offer and we use. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** What a storage of the page says; undefined where it is blocked, which even reading its name may find out. */
export function inStorage<T>(kind: "localStorage" | "sessionStorage", use: (storage: Storage) => T): T | undefined {
  try {
    return use(window[kind]);
  } catch {
    return undefined;
  }
}

/** Where a visitor's session of a flow is kept on a site. */
export const storageKey = (server: string, flow: string): string => `parley:${server}:${flow}`;
