import type { Dress } from "./dress.js";
import type { Handle, Identity, Mode, Options } from "./options.js";
import type { Ports } from "./page-ports.js";
import type { Strings } from "./strings.js";

export type MountOptions = {
  /** Events are dispatched on it. */
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  /** What in the root the conversation is drawn in; the root itself, unless said otherwise. */
  readonly frame?: HTMLElement | ShadowRoot;
  readonly mode: Mode;
  /** What the page says of this widget. */
  readonly options: Options;
  /** Tells the page of an event. */
  readonly emit?: (type: string, detail?: object) => void;
  readonly dress?: Dress;
  /** Words of another language than English. */
  readonly words?: Strings | undefined;
  /** The server does not serve this site: nothing is tried. */
  readonly refused?: boolean | undefined;
  readonly debug?: () => Promise<typeof import("./debug-pane.js")>;
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly identity?: Identity | undefined;
};
/** A mounted conversation. */
export type Inner = Pick<Handle, "close" | "reset" | "send" | "setVariables" | "identify" | "destroy"> & {
  /** @param focus whether the conversation takes the focus */
  readonly open: (focus: boolean) => void;
  /** The host is in the page again: what has to be on top is put there. */
  readonly raise: () => void;
};
export type ConversationModule = { readonly mount: (options: MountOptions, ports?: Ports) => Inner };
