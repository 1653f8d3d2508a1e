/** An element that tells its widget when it comes into the page and when it goes. */
export type HostElement = HTMLElement & { moved?: () => void };

const NAME = "parley-chat";

/** A fresh element for a widget. Its kind may have been made known by another version of this file: all do the same. */
export function hostElement(): HostElement {
  if (!customElements.get(NAME)) {
    class Host extends HTMLElement {
      declare moved?: () => void;
      connectedCallback(): void {
        this.moved?.();
      }
      disconnectedCallback(): void {
        this.moved?.();
      }
    }
    customElements.define(NAME, Host);
  }
  return document.createElement(NAME);
}
