import { hostElement } from "./host-element.js";
import type { Options } from "./options.js";

/** A page that takes the widget out so often means it. */
const MAX_RETURNS = 20;

/**
 * Keeps a widget's element on the page: floating ones in its body, the others in their container. A page that changes its
 * views may take both away: the element comes back with a new body, and with a new container of the same selector.
 * @param returned called when it is in the page again
 * @returns the element, what puts it where it belongs, and what takes it away for good
 */
export function placement({ mode, target }: Options, returned: () => void): [HTMLElement, () => void, () => void] {
  const host = hostElement();
  let left = MAX_RETURNS;
  const find = () => (typeof target === "string" ? document.querySelector<HTMLElement>(target) : target);
  const watcher = new MutationObserver(() => find() && place());
  const place = () => {
    watcher.disconnect();
    if (host.isConnected || left-- <= 0) return;
    const container = mode === "inline" ? find() : document.body;
    if (container?.isConnected) {
      container.append(host);
    } else watcher.observe(document, { childList: true, subtree: true });
  };
  host.moved = () => (host.isConnected ? returned() : queueMicrotask(place));
  const remove = () => {
    left = 0;
    watcher.disconnect();
    host.remove();
  };
  return [host, place, remove];
}
