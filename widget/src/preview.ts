import { SUBPROTOCOL, type Welcome } from "@parley/shared/protocol/v1";
import type { Socket } from "./connection.js";
import { mount } from "./conversation.js";
import { sheet } from "./dom.js";
import { dresser } from "./dress.js";
import * as ar from "./languages/ar.js";
import * as de from "./languages/de.js";
import * as es from "./languages/es.js";
import * as fr from "./languages/fr.js";
import * as ja from "./languages/ja.js";
import * as pt from "./languages/pt.js";
import { Store } from "./storage.js";
import { STRINGS, type Strings } from "./strings.js";

/**
 * The page of a preview: the widget, in a frame without an origin. It enters by the ticket in the address's fragment.
 * Of what happens in it, it tells the page around it one thing, the number of a message that was clicked; and it is told
 * which message to bring into view.
 */
const STYLES = "html,body{height:100%;margin:0}body>div{height:100%}";
const MARKED = "[data-marked] .bubble{outline:2px solid currentColor;outline-offset:2px}";

let ticket: string | undefined = location.hash.slice(1);
document.adoptedStyleSheets = [sheet(STYLES)];
const host = document.createElement("div");
host.dataset.mode = "inline";
const root = host.attachShadow({ mode: "open" });
root.adoptedStyleSheets = [sheet(MARKED)];
document.body.append(host);

// The page has no origin of its own: its address has.
const server = new URL(location.href).origin;

const LANGUAGES: Readonly<Record<string, Strings>> = {
  ar: ar.STRINGS,
  de: de.STRINGS,
  es: es.STRINGS,
  fr: fr.STRINGS,
  ja: ja.STRINGS,
  pt: pt.STRINGS,
};

/** The socket of the preview. Its first `Hello` has the ticket; once there is a token, that is good again. */
function connect(): Socket {
  const socket = new WebSocket(`${server.replace(/^http/, "ws")}/preview`, SUBPROTOCOL);
  const given: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send(data) {
      const frame = JSON.parse(String(data)) as { kind: string; token?: string };
      if (frame.kind !== "Hello") return socket.send(data);
      const right = frame.token === undefined ? { ticket } : {};
      ticket = undefined;
      socket.send(JSON.stringify({ ...frame, page: undefined, ...right }));
    },
    close: () => socket.close(),
  };
  socket.onopen = (event) => given.onopen?.call(socket, event);
  socket.onclose = (event) => given.onclose?.call(socket, event);
  socket.onmessage = ({ data }) => given.onmessage?.call(socket, new MessageEvent("message", { data: inWords(data) }));
  return given;
}

/**
 * A site's widget brings the words of its language before it begins. Here the language may be another with every
 * `Welcome`, so they come with the look.
 */
function inWords(data: string): string {
  const frame = JSON.parse(data) as Partial<Welcome>;
  if (frame.kind !== "Welcome" || !frame.flow) return data;
  const { appearance } = frame.flow;
  const language = String(appearance.locale ?? navigator.language).split("-")[0]!;
  // Words that were there before have to give way, too: English is a language like the others.
  const strings = { ...(LANGUAGES[language] ?? STRINGS), ...(appearance.strings as object | undefined) };
  host.lang = language;
  return JSON.stringify({ ...frame, flow: { ...frame.flow, appearance: { ...appearance, strings } } });
}

mount(
  { host, root, mode: "inline", options: { flow: "preview", server }, dress: dresser(host, root) },
  {
    connect,
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (timer) => window.clearTimeout(timer),
    now: () => performance.now(),
    random: Math.random,
    newId: () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
    store: (key) => new Store(undefined, key),
  },
);

const rowOf = (event: Event): HTMLElement | undefined =>
  event
    .composedPath()
    .find((node): node is HTMLElement => node instanceof HTMLElement && node.dataset.seq !== undefined);

root.addEventListener("click", (event) => {
  // An answer is given, and a link followed: neither asks where the message comes from.
  if (event.composedPath().some((node) => node instanceof Element && node.matches("button,a"))) return;
  const seq = Number(rowOf(event)?.dataset.seq);
  // It is a number, whatever page this is in: nothing is told by it to one that should not know.
  if (seq > 0) parent.postMessage(seq, "*");
});

window.addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  for (const marked of root.querySelectorAll("[data-marked]")) marked.removeAttribute("data-marked");
  const row = Number.isSafeInteger(data) ? root.querySelector(`[data-seq="${data}"]`) : null;
  row?.setAttribute("data-marked", "");
  row?.scrollIntoView({ block: "nearest" });
});
