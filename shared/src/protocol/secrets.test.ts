import { describe, expect, it } from "vitest";
import { hideSecrets } from "./secrets.js";

describe("hideSecrets", () => {
  it("[W5] shows neither token nor identity", () => {
    expect(hideSecrets('{"kind":"Hello","token":"a.b","jwt":"x.y.z","after":{"seq":1}}')).toBe(
      '{"kind":"Hello","token":"…","jwt":"…","after":{"seq":1}}',
    );
    expect(hideSecrets('{ "jwt" : "x\\"y", "id":"i"}')).toBe('{ "jwt" : "…", "id":"i"}');
  });

  it("leaves what somebody wrote", () => {
    const said = JSON.stringify({ kind: "UserText", content: '{"token":"mine"}', jwt2: "token" });
    expect(hideSecrets(said)).toBe(said);
  });
});
