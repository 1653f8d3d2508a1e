import { request as httpRequest } from "node:http";
import { ROLES, type Role } from "@parley/shared/api/access";
import { STUDIO_SUBPROTOCOL, type StudioServerFrame } from "@parley/shared/api/socket";
import { WebSocket } from "ws";
import type { Runtime } from "../runtime.js";
import { newId } from "../studio/secrets.js";
import type { TokenScope } from "../studio/tokens.js";
import { Frames } from "./clients.js";

export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined if it is none. */
  readonly json: unknown;
};
export type Send = {
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  /** The body as it goes over the wire, instead of JSON. */
  readonly raw?: string;
};
/** Headers that say who asks. */
export type Identity = Readonly<Record<string, string>>;

/** Sends one request, its path exactly as given. */
export function send(
  url: string,
  method: string,
  path: string,
  { headers = {}, body, raw }: Send = {},
): Promise<Answered> {
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const all = {
    ...(text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, method, path, headers: given as Record<string, string> },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const got = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode!, headers: response.headers, text: got, json: parse(got) });
        });
      },
    );
    request.on("error", reject);
    request.end(text);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the studio's page sends: the session's cookie and its own origin. */
export const page = ({ url }: { readonly url: string }, cookie: string): Identity => ({
  cookie,
  origin: new URL(url).origin,
});

/** The cookie of a `Set-Cookie` header, as it is sent back. */
export const cookieOf = (answer: Answered): string => String(answer.headers["set-cookie"]).split(";")[0]!;

/** Signs in by a fresh link of this machine. */
export const signIn = (runtime: Runtime, person = "local"): Promise<Identity> =>
  signInBy(runtime, runtime.studio.sessions.makeLink(person));

/** Signs in by the secret of a link, which is good once. @param server with the address of its pages */
export async function signInBy(server: { readonly url: string }, secret: string): Promise<Identity> {
  const origin = new URL(server.url).origin;
  const answer = await send(server.url, "POST", "/api/session", { headers: { origin }, body: { secret } });
  if (answer.status !== 201) throw new Error(`sign in: ${answer.status} ${answer.text}`);
  return page(server, cookieOf(answer));
}

/** One person of each role, signed in. */
export async function everyRole(runtime: Runtime): Promise<Record<Role, Identity>> {
  const pairs = await Promise.all(
    ROLES.map(async (role) => {
      const person = { id: newId(), name: `the ${role}`, role, password: null, created: Date.now() };
      return [role, await signIn(runtime, runtime.studio.people.add(person)!.id)] as const;
    }),
  );
  return Object.fromEntries(pairs) as Record<Role, Identity>;
}

/** A token of the machine's owner. */
export function token(runtime: Runtime, scopes: readonly TokenScope[], flows?: string[], expires = Date.now() + 1e6) {
  const id = newId();
  const secret = runtime.studio.tokens.add({ id, name: `token ${id}`, scopes, flows, expires }, "local");
  return { id, secret, identity: { authorization: `Bearer ${secret}` } as Identity };
}

/** A tab of the studio on its socket. */
export class StudioTab extends Frames<StudioServerFrame> {
  static async connect(runtime: Runtime, headers: Record<string, string>): Promise<StudioTab> {
    const url = `${runtime.url.replace(/^http/, "ws")}api/socket`;
    const ws = new WebSocket(url, STUDIO_SUBPROTOCOL, { headers });
    const tab = new StudioTab(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once("open", resolve);
      ws.once("unexpected-response", (_request, response) => {
        response.resume();
        reject(new Error(String(response.statusCode)));
      });
    });
    await tab.until(() => tab.id, "Welcome");
    return tab;
  }

  get id(): string | undefined {
    return this.all.find((frame) => frame.kind === "Welcome")?.tab;
  }

  /** Who else has the flow open, as told last. */
  get present(): readonly string[] | undefined {
    const last = this.all.findLast((frame) => frame.kind === "Presence");
    return last?.present.map(({ name, step }) => (step === undefined ? name : `${name} at ${step}`));
  }

  say(frame: unknown): void {
    this.ws.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }
}
