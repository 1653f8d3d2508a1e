import { SUBPROTOCOL } from "@parley/shared/protocol/v1";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { opened } from "../testing/clients.js";
import { serve } from "../testing/server.js";
import { send } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(env: Record<string, string> = {}): Promise<Runtime> {
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { env });
  cleanup.push(() => runtime.drain());
  return runtime;
}

describe("the page of previews", () => {
  it("[P15] has no origin wherever it is opened, and reaches its own script and its own socket", async () => {
    const { url } = await start();
    const { origin, host } = new URL(url);
    const { status, headers, text } = await send(url, "GET", "/preview");
    expect(status).toBe(200);
    expect(headers["content-security-policy"]).toBe(
      [
        "sandbox allow-scripts",
        "default-src 'none'",
        `script-src ${origin}/preview/`,
        `connect-src ws://${host}/preview`,
        `img-src ${origin} data: https:`,
        `frame-ancestors ${origin}`,
        "base-uri 'none'",
        "form-action 'none'",
      ].join("; "),
    );
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["set-cookie"]).toBeUndefined();
    // Nothing of it stands in the page itself.
    expect(text.match(/<script[^>]*>/g)).toEqual(['<script defer src="/preview/preview.js">']);
    expect(text).not.toContain("<style");
  });

  it("is on the studio's port, with its socket, and on no other", async () => {
    const { ports } = await start({ ADMIN_PORT: "0" });
    const answer = async (port: number) => (await send(`http://localhost:${port}/`, "GET", "/preview")).status;
    expect([await answer(ports.studio), await answer(ports.visitors)]).toEqual([200, 404]);
    const socket = (port: number) =>
      opened(new WebSocket(`ws://localhost:${port}/preview`, SUBPROTOCOL, { headers: { origin: "null" } }));
    await socket(ports.studio);
    await expect(socket(ports.visitors)).rejects.toThrow("404");
  });
});
