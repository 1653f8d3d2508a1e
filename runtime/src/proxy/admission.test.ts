import { describe, expect, it } from "vitest";
import { addressKey } from "./address-book.js";
import { hostAllowed, originAllowed } from "./admission.js";

describe("hostAllowed", () => {
  const config = { publicUrl: new URL("https://bots.example"), studioUrl: new URL("http://studio:9998") };
  it.each([
    "127.0.0.1:9998",
    "[::1]:9998",
    "localhost",
    "LOCALHOST:1",
    "bots.example",
    "192.168.1.7:80",
    "studio:9998",
  ])("[W1] answers to %s", (host) => expect(hostAllowed(host, config)).toBe(true));
  it.each([
    "evil.example",
    "bots.example.evil.example",
    "localhost.evil.example",
    "",
    undefined,
    "a b",
    "127.0.0.1.nip.io",
    "localhost:99999",
    "[::1]:70000",
    "localhost:",
    "[localhost]",
    "user@localhost",
    "localhost/",
  ])("[W1] is not %s", (host) => expect(hostAllowed(host, config)).toBe(false));
});

describe("originAllowed", () => {
  const local = { publicUrl: undefined, host: "127.0.0.1" };
  const ask = (origin: string | undefined, allowed: string[], config: Parameters<typeof originAllowed>[2] = local) =>
    originAllowed({ headers: { host: "localhost:9998", ...(origin !== undefined && { origin }) } }, allowed, config);

  it("[W1] no Origin is not a browser", () => expect(ask(undefined, ["https://a.example"])).toBe(true));
  it("[W1] the flow's list is compared exactly", () => {
    const list = ["https://a.example"];
    expect(ask("https://a.example", list)).toBe(true);
    for (const origin of [
      "http://a.example",
      "https://a.example:444",
      "https://a.example.evil.example",
      "https://xa.example",
      "null",
    ]) {
      expect(ask(origin, list), origin).toBe(false);
    }
  });
  it("[W1] null only where the flow lists it", () => {
    expect(ask("null", [])).toBe(false);
    expect(ask("null", ["null"])).toBe(true);
  });
  it("[W1] the server's own origin: PUBLIC_URL, else the checked Host", () => {
    const pub = { publicUrl: new URL("https://bots.example"), host: "0.0.0.0" };
    expect(ask("https://bots.example", [], pub)).toBe(true);
    expect(ask("http://localhost:9998", [], pub)).toBe(false);
    expect(ask("http://localhost:9998", ["https://a.example"])).toBe(true);
  });
  it("[W1] any loopback origin only while nothing is configured on a loopback server", () => {
    expect(ask("http://127.0.0.1:5173", [])).toBe(true);
    expect(ask("http://[::1]:5173", [])).toBe(true);
    expect(ask("http://127.0.0.1:5173", ["https://a.example"])).toBe(false);
    expect(ask("http://127.0.0.1:5173", [], { publicUrl: undefined, host: "0.0.0.0" })).toBe(false);
    expect(ask("http://192.168.1.7:9998", [])).toBe(false);
  });
});

describe("addressKey", () => {
  it.each([
    ["10.1.2.3", "10.1.2.3"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("[P10] counts %s as %s", (ip, key) => expect(addressKey(ip)).toBe(key));
});
