import { el, sheet } from "./dom.js";
import { dresser } from "./dress.js";
import { type Face, fetchFace } from "./face.js";
import { whenNear, whenSeen } from "./interest.js";
import { drawLauncher, type Launcher } from "./launcher.js";
import { LOADER_STYLES } from "./loader-styles.js";
import { inStorage, storageKey } from "./memory.js";
import type { ConversationModule, Inner } from "./mounting.js";
import type { Handle, Options } from "./options.js";
import { placement } from "./placement.js";
import { raise } from "./raise.js";
import type { Strings } from "./strings.js";

/** How the parts of a widget come. */
export type Parts = {
  readonly conversation: () => Promise<ConversationModule>;
  readonly language: (name: string) => Promise<{ readonly STRINGS: Strings }>;
  readonly debug: () => Promise<typeof import("./debug-pane.js")>;
};

/** As in the conversation's style sheet: there it covers the page. */
const SMALL = "(max-width:520px),(max-height:480px)";
const ignore = () => undefined;

/**
 * Puts a widget on the page: draws the launcher, and brings and mounts the conversation once somebody shows interest.
 * Until then only the flow's appearance is fetched.
 * @param id free on this page
 */
export function startInstance(id: string, options: Options, parts: Parts): Handle {
  const { flow, server, mode = "bubble" } = options;
  const floating = mode === "bubble" || mode === "popup";
  const [host, place, remove] = placement(options, () => {
    if (launcher) raise(launcher.element);
    inner?.raise();
  });
  Object.assign(host.dataset, { parley: id, mode });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(LOADER_STYLES)];
  const frame = el("div", { class: "frame" });
  root.append(frame);
  const dress = dresser(host, root, frame);
  const key = storageKey(server, flow);
  /** Of this tab: "open", or "away" once the greeting was sent away. */
  const mark = (state?: string) =>
    inStorage("sessionStorage", (storage) => {
      if (state === "") storage.removeItem(key);
      else if (state) storage.setItem(key, state);
      return storage.getItem(key);
    });
  /** Whether somebody has talked here before. */
  const talked = () => inStorage("localStorage", (storage) => storage.getItem(key));
  /** What the page said before the conversation was there. */
  let { variables, identity } = options;
  let launcher: Launcher | undefined;
  let coming: Promise<Inner> | undefined;
  let inner: Inner | undefined;
  let destroyed = false;
  let isOpen = false;
  let unread = 0;
  /** Where the focus was before the conversation took it. */
  let cameFrom: Element | null = null;
  let stopWatching: () => void = ignore;

  const destroy = () => {
    destroyed = true;
    stopWatching();
    inner?.destroy();
    remove();
  };
  const emit = (type: string, detail: object = {}) => {
    host.dispatchEvent(new CustomEvent(`parley:${type}`, { bubbles: true, detail: { widget: id, ...detail } }));
  };
  const hear = (type: string, run: (detail: unknown) => void) => {
    const heard = (event: Event) => run((event as CustomEvent).detail);
    host.addEventListener(`parley:${type}`, heard);
    return () => host.removeEventListener(`parley:${type}`, heard);
  };
  const face = fetchFace(options).then((found) => {
    const { lang = "en", dir = "ltr" } = found;
    Object.assign(frame, { lang, dir });
    dress(found);
    const { refused } = found;
    if (refused) {
      const { code, title: message } = refused;
      console.error(message);
      emit("error", { code, message });
      // A frame without an origin says so itself; who has begun a conversation may finish it.
      if (code === "origin" ? self.origin !== "null" : !talked()) destroy();
    }
    return found;
  });

  const load = async (): Promise<Inner> => {
    const { words: language, refused } = await face;
    if (destroyed) return new Promise(ignore);
    const [{ mount }, words] = await Promise.all([
      parts.conversation(),
      // Without its words it speaks English.
      language ? parts.language(language).catch(ignore) : undefined,
    ]);
    const { debug } = parts;
    inner = mount({
      ...{
        host,
        root,
        frame,
        mode,
        options,
        dress,
        emit,
        refused: refused?.code === "origin",
        variables,
        identity,
        debug,
        words: words ? words.STRINGS : undefined,
      },
    });
    if (destroyed) inner.destroy();
    return inner;
  };
  const bring = () => {
    stopWatching();
    coming ??= load().catch((cause: unknown) => {
      // The next interest tries again.
      coming = undefined;
      emit("error", { code: "not-loaded", message: String(cause) });
      throw cause;
    });
    return coming;
  };
  const act = (run: (conversation: Inner) => void) => {
    launcher?.button.setAttribute("aria-busy", "true");
    // A failure was told by the event.
    void bring()
      .then(run, ignore)
      .finally(() => launcher?.button.removeAttribute("aria-busy"));
  };
  const preload = () => void bring().catch(ignore);
  const open = () => {
    if (!isOpen) cameFrom = document.activeElement;
    act((it) => it.open(true));
  };
  const close = () => void coming?.then((it) => it.close(), ignore);

  const drawButton = (known: Face) => {
    if (destroyed || known.launcher === "none") return;
    launcher = drawLauncher(known, server, open, () => mark("away"));
    // Who has talked here before, or sent it away, is not greeted again.
    if (mark() || talked()) launcher.dismiss();
    launcher.element.hidden = isOpen;
    frame.prepend(launcher.element);
    raise(launcher.element);
    launcher.button.onfocus = launcher.button.onpointerdown = preload;
    if (!coming) stopWatching = whenNear(host, preload);
  };
  const shows = (shown: boolean) => {
    isOpen = shown;
    mark(shown ? "open" : "away");
    if (!launcher) return;
    launcher.dismiss();
    unread = 0;
    launcher.unread(0);
    launcher.element.hidden = shown;
    raise(launcher.element);
  };
  hear("open", () => shows(true));
  hear("close", () => {
    shows(false);
    // Back to where it came from; from nowhere, or from the launcher, to the launcher.
    const back = cameFrom === host || cameFrom === document.body || !cameFrom?.isConnected ? undefined : cameFrom;
    ((back ?? launcher?.button) as HTMLElement | undefined)?.focus({ preventScroll: true });
  });
  hear("message", () => {
    if (floating && !isOpen) launcher?.unread(++unread);
  });

  const begin = () => {
    if (destroyed) return;
    place();
    if (mode === "fullpage") preload();
    else if (!floating) stopWatching = whenSeen(host, preload);
    else {
      void face.then(drawButton);
      const again = mode === "bubble" && mark() === "open" && !matchMedia(SMALL).matches;
      if (again || options.open) act((it) => it.open(false));
    }
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);

  return {
    id,
    element: host,
    open,
    close,
    toggle: () => (isOpen ? close() : open()),
    reset: () => {
      variables = identity = undefined;
      act((it) => {
        it.reset();
        mark("");
      });
    },
    send: (text) => act((it) => it.send(text)),
    setVariables: (values) => {
      variables = { ...variables, ...values };
      inner?.setVariables(values);
    },
    identify: (who) => {
      identity = who;
      inner?.identify(who);
    },
    destroy,
    on: hear as Handle["on"],
  };
}
