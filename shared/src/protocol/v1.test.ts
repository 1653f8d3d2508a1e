import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clientId } from "../record.js";
import { BARE_COOKIE } from "./bare.js";
import { LIMITS } from "./limits.js";
import { CLIENT_ID, FINAL_NACKS, SUBPROTOCOL } from "./v1.js";

const spec = readFileSync(new URL("../../SPEC.md", import.meta.url), "utf8");

describe("the protocols", () => {
  it("[W2] a client's id is 1 to 64 of A-Z a-z 0-9 _ -, so that it says nothing of other records", () => {
    for (const id of ["a", "A-z_0", "x".repeat(64)]) expect(CLIENT_ID.test(id), id).toBe(true);
    for (const id of ["", "x".repeat(65), "a.b", "a b", "ä", "a\n", "s.1"]) expect(CLIENT_ID.test(id), id).toBe(false);
    expect(clientId("b")).toBe("c.b");
  });

  it("[W2] a Nack is final unless it says to come again, as SPEC.md lists them", () => {
    const row = /^\| `Nack` +\|.*$/m.exec(spec)![0];
    const [final, again] = row.slice(row.indexOf("not taken.")).split("final;");
    const codes = (text: string) => [...text.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code);
    expect(codes(final!).sort()).toEqual([...FINAL_NACKS].sort());
    expect(codes(again!).filter((code) => code !== "id")).toEqual(["rate-limited", "busy"]);
  });

  it("[W1, W2] the names on the wire never change", () => {
    expect([BARE_COOKIE, SUBPROTOCOL]).toEqual(["Fluvio-Bot-Assistant", "parley.v1"]);
  });

  it("[W2] the limits are those of SPEC.md, and a frame holds the longest text", () => {
    const limits = spec.slice(spec.indexOf("## Limits"));
    expect(limits).toContain(`Frame ${LIMITS.frameBytes / 1024} KiB`);
    expect(limits).toContain(`visitor's text ${LIMITS.textBytes / 1024} KiB as JSON`);
    expect(limits).toContain(`ids ${LIMITS.idBytes / 1024} KiB`);
    expect(limits).toContain(`variables ${LIMITS.variables} of ${LIMITS.variableBytes / 1024} KiB`);
    const message = { kind: "UserText", sessionId: "\0".repeat(LIMITS.idBytes), content: "x".repeat(LIMITS.textBytes) };
    expect(JSON.stringify({ kind: "Send", id: "x".repeat(64), re: 1e15, message }).length).toBeLessThan(
      LIMITS.frameBytes,
    );
  });
});
