import { startInstance } from "./instance.js";
import type { Handle, Options } from "./options.js";

export type { Events, Failed, Handle, Happened, Identity, Mode, Options, Said } from "./options.js";

/**
 * Puts a widget on the page. Nothing happens when this module is imported, and nothing but the flow's appearance is
 * fetched before a visitor shows interest.
 */
export function mount(options: Options): Handle {
  const wanted = options.id ?? options.flow;
  const taken = (id: string) => document.querySelector(`[data-parley="${CSS.escape(id)}"]`) !== null;
  let id = wanted;
  for (let n = 2; taken(id); n++) id = `${wanted}-${n}`;
  return startInstance(
    id,
    { ...options, server: new URL(options.server).origin },
    {
      conversation: () => import("./conversation.js"),
      language: (name) => LANGUAGES[name]!(),
      debug: () => import("./debug-pane.js"),
    },
  );
}

/** Each by its own `import`, so that a bundler makes a file of each. */
const LANGUAGES: Readonly<Record<string, () => Promise<typeof import("./languages/de.js")>>> = {
  de: () => import("./languages/de.js"),
  fr: () => import("./languages/fr.js"),
  es: () => import("./languages/es.js"),
  pt: () => import("./languages/pt.js"),
  ar: () => import("./languages/ar.js"),
  ja: () => import("./languages/ja.js"),
};
