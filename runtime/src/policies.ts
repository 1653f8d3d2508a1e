import helmet from "helmet";

/** Nothing is loaded, nothing frames it: what is no page. */
const INERT = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"];

type Policy<About> = {
  /** The rules of its Content-Security-Policy. */
  readonly rules: (about: About) => readonly string[];
  /** Who beside its own origin: any site `uses` it as a script or a picture, or `reads` it, without cookies. */
  readonly others?: "use" | "read";
  /** What differs from `EVERY`; null: not sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
};
const policy = <About = undefined>(given: Policy<About>): Policy<About> => given;

/** On every answer, beside what helmet says on every one. */
const EVERY = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "no-referrer",
  "X-Frame-Options": "DENY",
};

/** Some browsers do not count the websocket of one's own origin as 'self'. */
const websocket = (origin: string): string => origin.replace(/^http/, "ws");

/** What browsers are told, by the kind of answer: the whole of it, in one table. SECURITY.md says why. */
export const POLICIES = {
  /** The interface, health, metrics, refusals, whatever is nothing else. */
  data: policy({ rules: () => INERT }),
  /** The widget's files and the schemas: nothing in them is about anybody. */
  everybodys: policy({ rules: () => INERT, others: "read" }),
  /** Of flows. Opened by itself it can do nothing. */
  picture: policy({ rules: () => ["default-src 'none'", "sandbox"], others: "read" }),
  /** Nothing from elsewhere runs, nothing inline runs, and no other page frames it. */
  studio: policy<{ nonce: string }>({
    rules: ({ nonce }) => [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "connect-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "worker-src 'self'",
      "frame-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ],
    // With "no-referrer" some of the page's own requests would carry the origin "null".
    headers: { "Referrer-Policy": "same-origin" },
  }),
  /** A worker is under the policy of its own script. */
  studioFile: policy({ rules: () => [...INERT, "script-src 'self'"] }),
  /** In the studio's frame, without an origin. Written out: to such a page not every browser counts its own server as 'self'. */
  preview: policy<{ origin: string }>({
    rules: ({ origin }) => [
      "sandbox allow-scripts",
      "default-src 'none'",
      `script-src ${origin}/preview/`,
      `connect-src ${websocket(origin)}/preview`,
      `img-src ${origin} data: https:`,
      `frame-ancestors ${origin}`,
      "base-uri 'none'",
      "form-action 'none'",
    ],
    // What has no origin has no cluster of its own either.
    headers: { "Origin-Agent-Cluster": null, "X-Frame-Options": "SAMEORIGIN" },
  }),
  /** Asked for by a page without an origin. */
  previewFile: policy({ rules: () => INERT, others: "use" }),
  /** Nothing but the widget runs, and the page is in no frame but these. */
  conversation: policy<{ origin: string; style: string; framers: readonly string[] }>({
    rules: ({ origin, style, framers }) => [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'sha256-${style}'`,
      "img-src 'self' data: https:",
      `connect-src 'self' ${websocket(origin)}`,
      `frame-ancestors ${framers.join(" ")}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ],
    // It is another's frame by its policy alone: the older header knows no list.
    headers: { "X-Frame-Options": null },
  }),
  /** The page for trying flows out on this machine. */
  demo: policy({
    rules: () => [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: https:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ],
    headers: { "X-Frame-Options": "SAMEORIGIN" },
  }),
} as const;

export type Kind = keyof typeof POLICIES;
type AboutOf<K extends Kind> = Parameters<(typeof POLICIES)[K]["rules"]>[0];

/** What every answer begins with; HTTPS is its proxy's to demand. */
export const everyAnswer = helmet({
  contentSecurityPolicy: false,
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  strictTransportSecurity: false,
  xFrameOptions: false,
});

/** The headers of a kind of answer; null: it has none of that name. */
export function policyOf<K extends Kind>(kind: K, about: AboutOf<K>): Readonly<Record<string, string | null>> {
  const { rules, others, headers } = POLICIES[kind] as Policy<AboutOf<K>>;
  return {
    ...EVERY,
    "Content-Security-Policy": rules(about).join("; "),
    "Cross-Origin-Resource-Policy": others === undefined ? "same-origin" : "cross-origin",
    "Access-Control-Allow-Origin": others === "read" ? "*" : null,
    ...headers,
  };
}

/** What is answered is of this kind from here on, whatever it was taken for before. */
export function setPolicy<K extends Kind>(
  response: { set(name: string, value: string): unknown; removeHeader(name: string): void },
  kind: K,
  ...[about]: AboutOf<K> extends undefined ? [] : [about: AboutOf<K>]
): void {
  for (const [name, value] of Object.entries(policyOf(kind, about as AboutOf<K>))) {
    if (value === null) response.removeHeader(name);
    else response.set(name, value);
  }
}
