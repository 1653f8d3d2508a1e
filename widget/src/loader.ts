import { startInstance } from "./instance.js";
import type { Options } from "./options.js";
import { pageApi } from "./page-api.js";

/** SHA-256 (base64) of the conversation part, put in by the build. That part knows those of the others. */
declare const CONVERSATION: string;
type Conversation = typeof import("./conversation-part.js");

// A classic script knows itself; a loader that was put in otherwise is found by its address.
const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[data-flow][src*="widget"]');
const home = new URL(script?.src || location.href).origin;

/** A part of this very version: its file is named by its digest. */
async function part<Module>(name: string, digest: string): Promise<Module> {
  const href = `${home}/widget/${name}-${digest.slice(0, 12).replace(/[+/]/g, "-")}.js`;
  // Of a page that pins the loader each part is checked: only what is right comes into the module map by this link, and
  // only after that is it imported.
  if (script?.integrity) {
    await new Promise((onload, onerror) => {
      const link = document.createElement("link");
      Object.assign(link, {
        rel: "modulepreload",
        crossOrigin: "",
        integrity: `sha256-${digest}`,
        onload,
        onerror,
        href,
      });
      if (link.relList.supports("modulepreload")) document.head.append(link);
      else onerror("unchecked");
    });
  }
  return import(href);
}
const conversation = () => part<Conversation>("conversation", CONVERSATION);
const later = async <Module>(name: string) => part<Module>(name, (await conversation()).PARTS[name]!);

/** What the tag says: its `data-` attributes by the names of the options. */
function tagOptions({ dataset, parentElement }: HTMLScriptElement): Partial<Options> {
  const given: Record<string, unknown> = { target: parentElement, ...dataset };
  // Of these the text says something else than itself.
  for (const name of ["open", "debug", "strings", "variables"]) {
    const text = dataset[name];
    if (text !== undefined) given[name] = JSON.parse(text || "true");
  }
  return given;
}

const api = pageApi((id, { flow = "", server = home, ...more }) =>
  startInstance(
    id,
    { flow, server: new URL(server, home).origin, ...more },
    { conversation, language: later, debug: () => later("debug") },
  ),
);
if (script?.dataset.flow) api.mount(tagOptions(script));
