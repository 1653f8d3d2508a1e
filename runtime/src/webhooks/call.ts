import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, connect as netConnect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { reason } from "../errors.js";
import { CallError } from "./call-error.js";
import { isPublic } from "./public-address.js";
import { notPublic, readTarget, type Target } from "./target.js";

export type Call = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
};

export type CallOptions = {
  /** `WEBHOOK_ALLOW`: `host:port`, exempt from everything but time, size and redirects. */
  readonly allow: readonly string[];
  /** Ms in all. */
  readonly within?: number;
  /** Every address of a name. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Opens a connection to an address. */
  readonly connect?: (address: string, port: number) => Socket;
  /** Certificates that are trusted instead of the system's. */
  readonly ca?: string;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
};

/** Ms of a whole call, and bytes of an answer. */
export const CALL_WITHIN = 5_000;
export const MAX_ANSWER = 64 * 1024;

/**
 * Posts to an address that somebody has typed in, and tells the status of the answer and nothing else of it. The name is
 * resolved once, all its addresses have to be public, and the connection is to one of just these: a name that says something
 * else a moment later has nothing to say any more.
 * @throws CallError
 */
export async function call({ url, headers, body }: Call, options: CallOptions): Promise<{ status: number }> {
  const target = readTarget(url, options.allow);
  const end = new AbortController();
  const within = options.within ?? CALL_WITHIN;
  const timer = setTimeout(
    () => end.abort(new CallError("too-slow", `There was no whole answer within ${within / 1000} seconds.`)),
    within,
  );
  const stop = () => end.abort(new CallError("not-reached", "The server stops."));
  options.signal?.addEventListener("abort", stop, { once: true });
  let socket: Socket | undefined;
  try {
    const address = await addressOf(target, options.resolve ?? resolveAll, end.signal);
    socket = await connected(target, address, options, end.signal);
    const answer = await post(socket, target, { headers, body }, end.signal);
    return { status: await readStatus(answer) };
  } catch (cause) {
    if (end.signal.aborted) throw end.signal.reason;
    if (cause instanceof CallError) throw cause;
    throw new CallError("not-reached", `${target.url.host} could not be reached: ${reason(cause)}.`, { cause });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
    socket?.destroy();
  }
}

const resolveAll = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** The one address that is connected to. */
async function addressOf(
  { host, allowed }: Target,
  resolve: (name: string) => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<string> {
  if (isIP(host) !== 0) return host;
  const late = once(signal, "abort").then(() => []);
  const found = await Promise.race([resolve(host), late]).catch((cause: unknown) => {
    throw new CallError("unknown-name", `There is no address for the name ${host}.`, { cause });
  });
  const closed = allowed ? undefined : found.find((address) => !isPublic(address));
  if (closed !== undefined) throw notPublic(`${host} is ${closed}, which`);
  const address = found.find((one) => isIP(one) === 4) ?? found[0];
  if (address === undefined) throw new CallError("unknown-name", `There is no address for the name ${host}.`);
  return address;
}

/** A connection to just this address, with the name's certificate where it is https. */
async function connected(
  { url, host, port }: Target,
  address: string,
  { connect = (to, at) => netConnect({ host: to, port: at }), ca }: CallOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect(address, port);
  const abort = () => socket.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await once(socket, "connect", { signal });
    if (socket.remoteAddress !== address) {
      throw new CallError("other-address", `The connection for ${host} did not lead to ${address}.`);
    }
    if (url.protocol !== "https:") return socket;
    // A certificate may be for an address, but SNI names names only.
    const secure = tlsConnect({ socket, host, ...(isIP(host) === 0 && { servername: host }), ...(ca && { ca }) });
    await once(secure, "secureConnect", { signal });
    return secure;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function post(
  socket: Socket,
  { url }: Target,
  { headers, body }: Pick<Call, "headers" | "body">,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = (url.protocol === "https:" ? httpsRequest : httpRequest)({
    method: "POST",
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      connection: "close",
    },
    createConnection: () => socket,
    signal,
  });
  request.end(body);
  const [answer] = (await once(request, "response", { signal })) as [IncomingMessage];
  // What breaks later breaks the answer.
  request.on("error", () => undefined);
  return answer;
}

/** Reads the answer to its end, so that its sender is not cut off, and keeps nothing of it. */
async function readStatus(answer: IncomingMessage): Promise<number> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    throw new CallError("redirect", `It answers with a redirect (${status}), and none is followed. Give its end.`);
  }
  let bytes = 0;
  for await (const part of answer) {
    bytes += (part as Buffer).length;
    if (bytes > MAX_ANSWER) throw new CallError("too-large", "Its answer is larger than 64 kB.");
  }
  return status;
}
