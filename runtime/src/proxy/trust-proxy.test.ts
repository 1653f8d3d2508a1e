import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { choose, V1Client } from "../testing/clients.js";
import { serve } from "../testing/server.js";
import { send } from "../testing/studio.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function start(env: Record<string, string>): Promise<Runtime> {
  const runtime = await serve(createMemoryLog({ partitions: 1 }), { env });
  cleanup.push(() => runtime.drain());
  return runtime;
}
const SMALL = { LIMIT_SESSIONS_PER_MINUTE: "3", LIMIT_FRAMES_PER_ADDRESS: "10", LIMIT_FRAMES_PER_SOCKET: "10" };

/** A visitor who comes by way of a proxy that says where from. */
const visitor = ({ wsUrl }: Runtime, from: string) => V1Client.connect(wsUrl, {}, { "X-Forwarded-For": from });

/** Begins conversations until no more is let in. */
async function flood(runtime: Runtime, from: (n: number) => string): Promise<number> {
  for (let n = 0; ; n++) {
    try {
      await visitor(runtime, from(n));
    } catch (error) {
      expect(String(error)).toContain("4429");
      return n;
    }
  }
}

describe("[P15] [flood of one visitor] limits count who somebody is", () => {
  it("behind a proxy one visitor's flood leaves another unharmed, and what he says of himself does not count", async () => {
    const runtime = await start({ ...SMALL, TRUST_PROXY: "1" });
    const other = await visitor(runtime, "203.0.113.2");
    // The last is the proxy's own word; the others came with the request.
    expect(await flood(runtime, (n) => `198.51.100.${n}, 203.0.113.1`)).toBe(3);
    expect((await other.send(choose("lang", "go"))).kind).toBe("Ack");
    expect((await visitor(runtime, "203.0.113.2")).welcome.sid).not.toBe(other.welcome.sid);
    // So do frames.
    const loud = await visitor(runtime, "203.0.113.3");
    const answers = await Promise.all(Array.from({ length: 40 }, () => loud.send(choose("lang", "nothing"))));
    expect(answers.some((frame) => frame.kind === "Nack" && frame.code === "rate-limited")).toBe(true);
    expect((await other.send(choose("others", "no"))).kind).toBe("Ack");
  });

  it("without one a forged X-Forwarded-For changes nothing", async () => {
    const runtime = await start(SMALL);
    expect(await flood(runtime, (n) => `203.0.113.${n}`)).toBe(3);
  });

  it("IPv6 counts by the /64, however it is written", async () => {
    const runtime = await start({ ...SMALL, TRUST_PROXY: "1" });
    expect(await flood(runtime, (n) => ["2001:db8:1:2::", "2001:DB8:0001:2:ffff::"][n % 2] + n.toString(16))).toBe(3);
    await visitor(runtime, "2001:db8:1:3::1");
    await visitor(runtime, "::ffff:203.0.113.9");
  });

  it("limits are on unless they are switched off", async () => {
    expect(await flood(await start({}), () => "")).toBe(60);
  });

  it("signing in counts alike", async () => {
    const outcome = async (env: Record<string, string>) => {
      const runtime = await start(env);
      const tries = async (from: (n: number) => string, count: number) => {
        const statuses: number[] = [];
        for (let n = 0; n < count; n++) {
          const headers = { origin: new URL(runtime.url).origin, "x-forwarded-for": from(n) };
          statuses.push((await send(runtime.url, "POST", "/api/session", { headers, body: { secret: "x" } })).status);
        }
        return statuses.filter((status) => status === 429).length;
      };
      return [await tries((n) => `198.51.100.${n}, 203.0.113.1`, 31), await tries(() => "203.0.113.2", 1)];
    };
    expect([await outcome({ TRUST_PROXY: "1" }), await outcome({})]).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });
});
