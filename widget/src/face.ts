import type { ClosedWidget } from "@parley/shared/protocol/closed-widget";
import type { Options } from "./options.js";

/** What the widget knows before anybody has shown interest. Nobody has checked it but the server, and the page's options. */
export type Face = Partial<ClosedWidget> & { readonly open: string; readonly refused?: FaceRefusal | undefined };
/** Why the server gives none: the site may not show the flow (`origin`), or there is none to begin (`no-flow`). */
type FaceRefusal = { readonly code: string; readonly title: string };

/** Longer than this, in ms, a button does not wait for its colour. */
const PATIENCE = 3_000;

/** Brings the flow's published appearance; without one the page's own options have to do. Never rejects. */
export async function fetchFace({ server, flow, locale, strings, ...options }: Options): Promise<Face> {
  let told = {};
  let refused: FaceRefusal | undefined;
  const { lang } = document.documentElement;
  const language = locale ? `locale=${locale}` : `lang=${lang || navigator.language}`;
  try {
    const answer = await fetch(`${server}/widget/v1/${flow}.json?${language}`, {
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = await answer.json();
    if (answer.ok) told = said;
    else if (/^(origin|no-flow)$/.test(said.code)) refused = said;
  } catch {
    // Offline, or blocked by the page's policy: connecting will say so, should somebody want to talk.
  }
  const own = strings?.open && { open: strings.open };
  const given = Object.entries(options).filter(([, value]) => value);
  return { open: "Open chat", ...told, ...Object.fromEntries(given), ...own, refused } as Face;
}
