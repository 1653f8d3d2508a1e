import type { Handle, MountOptions } from "./conversation.js";
import { el, icon, sheet } from "./dom.js";
import { ICONS } from "./icons.js";
import { LOADER_STYLES } from "./loader-styles.js";

/** The module that holds a conversation. */
export type ConversationModule = { readonly mount: (options: MountOptions) => Handle };
/** Brings the conversation part; `base` is the loader's own address. */
export type Load = (base: string) => Promise<ConversationModule>;

declare global {
  interface Window {
    Parley?: Handle;
  }
}

/** How near to the launcher's corner, in px, a pointer shows interest. */
const NEAR = 160;

/**
 * Starts the widget of one script tag: draws the launcher, and brings and mounts the conversation once somebody shows
 * interest. Gives what it also puts at `window.Parley`.
 */
export function startWidget(script: HTMLScriptElement, load: Load): Handle {
  const { flow = "", server, mode, target, title, color, position, debug } = script.dataset;
  const inline = mode === "inline";
  const host = el("div", { "data-parley": flow, "data-mode": inline ? "inline" : "bubble", "data-position": position });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(LOADER_STYLES)];
  const launcher = el(
    "button",
    {
      class: "launcher",
      part: "launcher",
      type: "button",
      "aria-label": "Open chat",
      "aria-haspopup": "dialog",
      title: "Open chat",
    },
    icon(ICONS.chat),
  );
  let coming: Promise<Handle> | undefined;
  let destroyed = false;

  const bring = (): Promise<Handle> => {
    stopWatching();
    coming ??= load(script.src).then(
      ({ mount }) => {
        const handle = mount({
          host,
          root,
          flow,
          server: new URL(server || script.src, script.src).origin,
          mode: inline ? "inline" : "bubble",
          title,
          color,
          debug: debug !== undefined && debug !== "false",
        });
        if (destroyed) handle.destroy();
        return handle;
      },
      (cause: unknown) => {
        // The next interest tries again.
        coming = undefined;
        const detail = { code: "not-loaded", message: `The conversation could not be loaded: ${String(cause)}` };
        host.dispatchEvent(new CustomEvent("parley:error", { bubbles: true, detail }));
        throw cause;
      },
    );
    return coming;
  };
  const ignore = () => undefined;
  const act = (run: (handle: Handle) => void) => {
    launcher.setAttribute("aria-busy", "true");
    // A failure was told by the event.
    void bring()
      .then(run)
      .catch(ignore)
      .finally(() => launcher.removeAttribute("aria-busy"));
  };
  const preload = () => void bring().catch(ignore);
  const near = (event: PointerEvent) => {
    const x = host.dataset.position === "left" ? event.clientX : window.innerWidth - event.clientX;
    if (Math.min(x, window.innerWidth - x) < NEAR && window.innerHeight - event.clientY < NEAR) preload();
  };
  const stopWatching = () => document.removeEventListener("pointermove", near);

  const handle: Handle = {
    open: () => act((it) => it.open()),
    close: () => void coming?.then((it) => it.close()).catch(ignore),
    reset: () => act((it) => it.reset()),
    destroy: () => {
      destroyed = true;
      stopWatching();
      void coming?.then((it) => it.destroy()).catch(ignore);
      host.remove();
      if (window.Parley === handle) delete window.Parley;
    },
  };
  window.Parley = handle;

  const place = () => {
    if (destroyed) return;
    if (inline) {
      const container = target ? document.querySelector<HTMLElement>(target) : script.parentElement;
      if (!container) {
        console.error(`Parley: data-target="${target}" is no element of this page.`);
        return;
      }
      if (container.clientHeight === 0) host.dataset.tall = "";
      container.append(host);
      const seen = new IntersectionObserver(
        (entries) => {
          if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
          seen.disconnect();
          preload();
        },
        { rootMargin: "100%" },
      );
      seen.observe(host);
      return;
    }
    root.append(launcher);
    document.body.append(host);
    launcher.addEventListener("click", handle.open);
    launcher.addEventListener("focus", preload, { once: true });
    launcher.addEventListener("pointerdown", preload, { once: true });
    document.addEventListener("pointermove", near, { passive: true });
    host.addEventListener("parley:open", () => {
      launcher.hidden = true;
    });
    host.addEventListener("parley:close", () => {
      launcher.hidden = false;
      launcher.focus({ preventScroll: true });
    });
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place, { once: true });
  return handle;
}
