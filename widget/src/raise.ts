/** Over everything that the page shows, whatever the page does with `z-index` and `transform`. */
export function raise(element: HTMLElement): void {
  if (!element.isConnected || element.hidden || !element.popover || !element.showPopover) return;
  if (!element.matches(":popover-open")) element.showPopover();
}
