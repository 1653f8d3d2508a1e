import { describe, expect, it } from "vitest";
import { connecting } from "./client.js";

const failing = (message: string, code: string) => () => {
  throw Object.assign(new Error(message), { code });
};
const on = { platform: "linux", arch: "arm64" } as const;

describe("the client's package", () => {
  it("that is not installed is said so", () => {
    const load = failing("Cannot find module '@fluvio/client'\nRequire stack:", "MODULE_NOT_FOUND");
    expect(() => connecting(load, on)).toThrow(
      expect.objectContaining({ code: "no-package", message: expect.stringMatching(/not there: run npm install\.$/) }),
    );
  });

  it.each([
    ["Cannot find module './win/index.node'\nRequire stack:", "MODULE_NOT_FOUND"],
    ["index.node: cannot open shared object file", "ERR_DLOPEN_FAILED"],
  ])("that has no native part for this machine is said so: %s", (message, code) => {
    expect(() => connecting(failing(message, code), on)).toThrow(
      expect.objectContaining({
        code: "no-package",
        message: expect.stringMatching(/linux-arm64.*x86-64.*another log\.$/),
        cause: expect.objectContaining({ code }),
      }),
    );
  });
});
