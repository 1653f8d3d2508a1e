import { startWidget } from "./launcher.js";

/** The conversation part's file, beside the loader; named by the build. */
declare const CONVERSATION_FILE: string;

// A classic script knows itself; a loader that was put in otherwise is found by its address.
const script =
  document.currentScript instanceof HTMLScriptElement
    ? document.currentScript
    : document.querySelector<HTMLScriptElement>('script[data-flow][src*="widget.js"]');

if (script) startWidget(script, (base) => import(new URL(CONVERSATION_FILE, base).href));
