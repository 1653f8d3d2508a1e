import assert from "node:assert/strict";
import { test } from "node:test";
import { browserPlaces } from "./find-browser.mjs";

test("Linux: the PATH in its order, Chromium before Chrome", () => {
  const places = browserPlaces({ env: { PATH: "/a:/b" }, platform: "linux", home: "/home/x" });
  assert.deepEqual(places.slice(0, 3), ["/a/chromium", "/b/chromium", "/a/chromium-browser"]);
  assert.ok(places.includes("/b/google-chrome-stable"));
});

test("no PATH at all is no place, not the root folder", () => {
  assert.deepEqual(browserPlaces({ env: {}, platform: "linux", home: "/" }), []);
});

test("macOS: the applications of the machine and of the user", () => {
  const places = browserPlaces({ env: {}, platform: "darwin", home: "/Users/x" });
  assert.ok(places.includes("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));
  assert.ok(places.includes("/Users/x/Applications/Chromium.app/Contents/MacOS/Chromium"));
});

test("Windows: the program folders that are set", () => {
  const places = browserPlaces({ env: { Path: "C:\\bin", PROGRAMFILES: "C:\\P" }, platform: "win32", home: "C:\\U" });
  assert.equal(places[0], "C:\\bin\\chromium.exe");
  assert.ok(places.includes("C:\\P\\Google\\Chrome\\Application\\chrome.exe"));
  assert.ok(places.every((place) => !place.startsWith("undefined")));
});
