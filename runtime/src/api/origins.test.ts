import { STUDIO_SUBPROTOCOL } from "@parley/shared/api/socket";
import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { opened } from "../testing/clients.js";
import { scratch, serve, writeFlows } from "../testing/server.js";
import { signIn } from "../testing/studio.js";

const chat = {
  a: { sendRequest: { kind: "StartChatSession", sessionId: "s" } },
  b: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "a" },
};
const SHOP = "https://shop.example";
let runtime: Runtime;
let port: string;
let cookie: string;
const folder = scratch();
beforeAll(async () => {
  const argv = writeFlows(
    folder.path,
    { listed: chat, open: chat, sandboxed: chat },
    { listed: { origins: [SHOP] }, sandboxed: { origins: ["null"] } },
  );
  runtime = await serve(createMemoryLog({ partitions: 1 }), { argv, env: { LIMITS: "off" } });
  port = new URL(runtime.url).port;
  cookie = (await signIn(runtime)).cookie!;
});
afterAll(async () => {
  await runtime.drain();
  folder.dispose();
});

/** Every socket that there is: its path, its subprotocol, and the origins of this table that it lets in. */
const SOCKETS: readonly (readonly [what: string, path: string, protocol: string | undefined, lets: readonly Name[]])[] =
  [
    ["a visitor's, with a list", "chat/listed", SUBPROTOCOL, ["absent", "own", "own by number", "on the list"]],
    ["a visitor's of the bare protocol", "chat/listed", undefined, ["absent", "own", "own by number", "on the list"]],
    [
      ...(["a visitor's, while no site is named", "chat/open", SUBPROTOCOL] as const),
      ["absent", "own", "own by number", "own, another port", "own, another scheme"],
    ],
    [
      "a visitor's, for frames without an origin",
      "chat/sandboxed",
      SUBPROTOCOL,
      ["absent", "null", "own", "own by number"],
    ],
    ["a preview's, whose first frame is its right", "preview", SUBPROTOCOL, ["absent", "null", "own", "own by number"]],
    ["the studio's", "api/socket", STUDIO_SUBPROTOCOL, ["own"]],
  ];

/** Origins as pages have them, and as others write them to be taken for those. */
const ORIGINS = {
  absent: () => undefined,
  null: () => "null",
  empty: () => "",
  own: () => `http://localhost:${port}`,
  // Asked for by that name, so that it is the server's own.
  "own by number": () => `http://127.0.0.1:${port}`,
  "own, another port": () => `http://localhost:${Number(port) + 1}`,
  "own, another scheme": () => `https://localhost:${Number(port) + 1}`,
  "own, longer": () => `http://localhost:${port}.evil.example`,
  "own, with a slash": () => `http://localhost:${port}/`,
  "own as a user": () => `http://localhost:${port}@evil.example`,
  "own, in front": () => `http://localhost.evil.example:${port}`,
  "own, behind": () => `http://evillocalhost:${port}`,
  foreign: () => "https://evil.example",
  "on the list": () => SHOP,
  "on the list, longer": () => `${SHOP}.evil.example`,
  "on the list, behind": () => "https://evilshop.example",
  "on the list, below": () => "https://a.shop.example",
  "on the list, another scheme": () => "http://shop.example",
  "on the list, another port": () => `${SHOP}:8443`,
  "on the list, in capitals": () => "https://SHOP.example",
  "on the list, with a path": () => `${SHOP}/x`,
  "on the list, and another": () => `${SHOP}, https://evil.example`,
  "on the list, with a dot": () => "https://shop.example.",
  "a file": () => "file://",
  "an extension": () => "chrome-extension://abcdefghijklmnop",
} as const;
type Name = keyof typeof ORIGINS;

// Others let any page open a socket with its visitor's cookies: GHSA-f53g-frr2-jhpf, CVE-2026-44211, CVE-2026-35589.
// `npm run dev` starts the same server and no other.
describe("[P15] [missing origin check]", () => {
  it.each(SOCKETS)("a page of another origin opens no socket: %s", async (_what, path, protocol, lets) => {
    const inside: string[] = [];
    for (const [name, origin] of Object.entries(ORIGINS)) {
      const host = name === "own by number" && path !== "api/socket" ? "127.0.0.1" : "localhost";
      const socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, protocol === undefined ? [] : [protocol], {
        headers: { Host: `${host}:${port}`, Cookie: cookie, ...(origin() !== undefined && { Origin: origin() }) },
      });
      const outcome = await opened(socket).then(
        () => "in",
        (error: Error) => error.message,
      );
      if (outcome === "in") inside.push(name);
      // By its origin, and not for some other reason.
      else expect([name, outcome]).toEqual([name, "HTTP 403"]);
      socket.terminate();
    }
    expect(inside).toEqual(lets);
  });
});
