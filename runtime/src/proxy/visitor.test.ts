import { isDevice, isLanguage } from "@parley/shared/visitor";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { BareClient, V1Client } from "../testing/clients.js";
import { serve } from "../testing/server.js";
import { send, signIn } from "../testing/studio.js";
import { sidOfCookie } from "./sessions.js";
import { visitOf } from "./visitor.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const languageOf = (header: string | undefined) => visitOf({ "accept-language": header }).language;
const deviceOf = (header: string | undefined) => visitOf({ "user-agent": header }).device;
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148";

describe("what a visitor's browser says of itself", () => {
  it.each([
    ["de-AT,de;q=0.9,en;q=0.8", "de-AT"],
    ["DE", "de"],
    ["zh-hant-tw;q=1", "zh-Hant-TW"],
    [" fr ", "fr"],
    ["sr-latn", "sr-Latn"],
    ["es-419", "es-419"],
  ])("language: %j is %s", (header, language) => expect(languageOf(header)).toBe(language));

  it.each([
    ...[undefined, "", "*", "*,de", "e", "english", "de_AT", "de--AT", "de-", "-de", "de-AT-x-y"],
    ...[
      "<img src=x onerror=alert(1)>",
      "de<b>",
      "=HYPERLINK(1)",
      "de\u202e",
      "ДЕ",
      `de-${"a".repeat(9)}`,
      "a".repeat(1e4),
    ],
  ])("language: %j is none", (header) => expect(languageOf(header)).toBeUndefined());

  it.each([
    [CHROME, "desktop"],
    [PHONE, "phone"],
    ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "phone"],
    ["Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "tablet"],
    ["Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148", "tablet"],
    ["Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0", "tablet"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "desktop"],
    ["curl/8.0", undefined],
    ["<script>alert(1)</script>", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("device: %j is %s", (header, device) => expect(deviceOf(header)).toBe(device));

  it("only a tag and a known device are read from a log", () => {
    expect(["de", "de-AT", "<b>", 7, undefined, "x"].map(isLanguage)).toEqual([true, true, false, false, false, false]);
    expect(["phone", "<b>", undefined].map(isDevice)).toEqual([true, false, false]);
  });

  it("[L1] stands in the first record of either protocol, and in the conversation that the studio shows", async () => {
    const log = createMemoryLog({ partitions: 1 });
    const runtime = await serve(log);
    cleanup.push(() => runtime.drain());
    const shown = async (sid: string) => {
      const path = `/api/flows/bot-assistant/conversations/${sid}`;
      const { json } = await send(runtime.url, "GET", path, { headers: await signIn(runtime) });
      const { language, device, page } = json as { language?: string; device?: string; page?: string };
      return { first: (await log.read(sid))[0], read: { language, device, page } };
    };
    const chat = `${runtime.wsUrl}chat/bot-assistant`;
    const headers = { "accept-language": "de-at,en", "user-agent": PHONE };
    const visitor = await V1Client.connect(chat, { page: "https://shop.example/tea" }, headers);
    const about = { language: "de-AT", device: "phone", page: "https://shop.example/tea" };
    expect(await shown(visitor.welcome.sid)).toMatchObject({ first: about, read: about });
    const bare = await BareClient.connect(chat, { headers: { "accept-language": "ja", "user-agent": CHROME } });
    const old = { language: "ja", device: "desktop" };
    expect(await shown(sidOfCookie(bare.cookie!))).toMatchObject({ first: old, read: old });
    const attack = "<img/src=x onerror=alert(1)>";
    const other = await V1Client.connect(chat, {}, { "accept-language": attack, "user-agent": `Mozilla/${attack}` });
    const { first, read } = await shown(other.welcome.sid);
    expect(read).toEqual({ language: undefined, device: "desktop", page: undefined });
    expect(JSON.stringify(first)).not.toContain("onerror");
  });
});
