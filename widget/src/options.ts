/** Where a conversation is drawn: over the page by a button, in a dialog, in an element of the page, or as the page. */
export type Mode = "bubble" | "popup" | "inline" | "fullpage";

/** Signed by the site's server: a JWT, or how to get a fresh one when it is needed. */
export type Identity = string | (() => string | Promise<string>);

/**
 * What a page says of one widget; stronger than the flow's published settings. In the tag each is a `data-` attribute of
 * the same name, with `-` before what is a capital here.
 */
export type Options = {
  readonly flow: string;
  /** Origin of the Parley server, as `https://bots.example`. The tag knows its own. */
  readonly server: string;
  /** Names this widget among several; the flow's name, if that is free. */
  readonly id?: string | undefined;
  /** `bubble`, unless said otherwise. */
  readonly mode?: Mode | undefined;
  /** `inline`: the element, or a selector of it. */
  readonly target?: string | HTMLElement | undefined;
  readonly title?: string | undefined;
  /** `#rrggbb` */
  readonly color?: string | undefined;
  /** https address, or a path of the server. */
  readonly avatar?: string | undefined;
  /** Bubble beside the closed button. */
  readonly greeting?: string | undefined;
  readonly position?: "left" | "right" | undefined;
  /** What is on the button; `none`: the page opens the conversation itself. */
  readonly launcher?: "chat" | "question" | "avatar" | "none" | undefined;
  readonly theme?: "auto" | "light" | "dark" | undefined;
  /** Language of the widget's own words, as `de` or `pt-BR`. */
  readonly locale?: string | undefined;
  readonly pace?: "off" | "natural" | "slow" | undefined;
  /** The widget's own words, by their names. */
  readonly strings?: Readonly<Record<string, string>> | undefined;
  /** Open by itself when the page loads. */
  readonly open?: boolean | undefined;
  /** Shows every frame, secrets left out. */
  readonly debug?: boolean | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly identity?: Identity | undefined;
};

/** Something that was said: `seq` counts all of a conversation from 1. */
export type Said = {
  /** The widget's own `id`. */
  readonly widget: string;
  readonly seq: number;
  readonly id: string;
  readonly message: { readonly kind: string; readonly content?: string; readonly [field: string]: unknown };
};
export type Happened = { readonly widget: string; readonly flow: string };
export type Failed = { readonly widget: string; readonly code: string; readonly message: string };

/** What each event tells. On the page each is also a DOM event `parley:<type>`, which bubbles from the widget's element. */
export type Events = {
  /** The conversation so far is there. */
  readonly ready: Happened;
  readonly open: Happened;
  readonly close: Happened;
  /** Said by the bot. */
  readonly message: Said;
  /** Said by the visitor, and accepted. */
  readonly answer: Said;
  readonly end: Happened;
  readonly error: Failed;
};

/** One widget on a page. Each method may be called at any time, also before the conversation has loaded. */
export type Handle = {
  readonly id: string;
  /** Events are dispatched on it, and `::part()` styles what is inside. */
  readonly element: HTMLElement;
  readonly open: () => void;
  readonly close: () => void;
  readonly toggle: () => void;
  /** Signs the visitor out: the session is void, and nothing of it stays in this browser. */
  readonly reset: () => void;
  /** Says something for the visitor: a choice of the open question, or a text in the open chat session. */
  readonly send: (text: string) => void;
  /** Values for `{{name}}` in the flow's texts. */
  readonly setVariables: (values: Readonly<Record<string, string>>) => void;
  /** Says who the visitor is: goes on with that person's conversation, on every device. */
  readonly identify: (identity: Identity) => void;
  readonly destroy: () => void;
  /** @returns the function that ends it */
  readonly on: <Type extends keyof Events>(type: Type, listener: (detail: Events[Type]) => void) => () => void;
};
