import type { Problem } from "@parley/shared/api/problem";
import { picturePath } from "@parley/shared/flow/pictures";
import { reason, UserError } from "../errors.js";
import { printable } from "./check-report.js";

/** The flags that name a server and the right to it; better as PARLEY_SERVER and PARLEY_TOKEN, which no list shows. */
export const SERVER_FLAGS = { server: { type: "string" }, token: { type: "string" } } as const;
export const SERVER_HELP = `  --server   the studio's address, as https://bots.example; also PARLEY_SERVER
  --token    an API token of that server with the rights flows:read and, to publish, flows:write; better in
             PARLEY_TOKEN, where other users of this machine do not see it
`;

/** What a command that talks to a server is given. */
export type ServerIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly fetch: typeof fetch;
};
type Send = { readonly body?: unknown; readonly etag?: string };
export type Answered = { readonly status: number; readonly json: unknown; readonly text: string };

/** A server that refused: its code and sentence. */
export class Refused extends UserError {
  constructor(readonly problem: Problem) {
    super(problem.code, problem.title);
  }
}

/** The HTTP interface of a server, by an API token. */
export class Server {
  constructor(
    readonly url: URL,
    private readonly token: string,
    private readonly fetch: typeof globalThis.fetch,
  ) {}

  /** @throws UserError `no-server`, `no-token` when they are not named */
  static of(flags: { server?: string | undefined; token?: string | undefined }, io: ServerIo): Server {
    const named = flags.server || io.env.PARLEY_SERVER;
    const token = flags.token || io.env.PARLEY_TOKEN;
    const call = (code: string, text: string) => new UserError(code, text, { exitCode: 2 });
    if (!named) throw call("no-server", "Name the server by --server or PARLEY_SERVER.");
    if (!token) throw call("no-token", "Give an API token by PARLEY_TOKEN or --token: the studio's owner makes them.");
    if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
      throw call("no-server", `The server ${JSON.stringify(named)} is no address: write it as https://bots.example.`);
    }
    return new Server(new URL(named), token, io.fetch);
  }

  /**
   * Sends one request.
   * @param path below `/api`
   * @throws Refused for what the server refuses; UserError `unreachable`, `not-parley`
   */
  async call(method: string, path: string, { body, etag }: Send = {}): Promise<Answered> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(etag === undefined ? {} : { "if-match": etag }),
    };
    const init = {
      method,
      headers,
      redirect: "error",
      ...(body !== undefined && { body: JSON.stringify(body) }),
    } as const;
    const response = await this.#reach(`/api${path}`, init);
    const text = response.bytes.toString("utf8");
    const json = parse(text);
    if (response.ok && json !== undefined) return { status: response.status, json, text };
    if (isProblem(json)) throw new Refused(json);
    const found = `it answered ${response.status} and no problem details`;
    throw new UserError("not-parley", `There is no Parley at ${printable(this.url.origin)}: ${found}.`);
  }

  /** A picture of the server by its name; undefined when it has none of that name. @throws UserError `unreachable` */
  async picture(name: string): Promise<Buffer | undefined> {
    const { ok, bytes } = await this.#reach(picturePath(name), { redirect: "error" });
    return ok ? bytes : undefined;
  }

  /** @throws UserError `unreachable` */
  async #reach(path: string, init: RequestInit): Promise<{ ok: boolean; status: number; bytes: Buffer }> {
    try {
      const response = await this.fetch(new URL(path, this.url), init);
      const bytes = Buffer.from(await response.arrayBuffer());
      return { ok: response.ok, status: response.status, bytes };
    } catch (cause) {
      const why = reason((cause as { cause?: unknown }).cause ?? cause).replace(/\.$/, "");
      throw new UserError("unreachable", `The server ${printable(this.url.origin)} cannot be reached: ${why}.`, {
        cause,
      });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isProblem = (json: unknown): json is Problem =>
  typeof json === "object" && json !== null && "code" in json && "title" in json;
