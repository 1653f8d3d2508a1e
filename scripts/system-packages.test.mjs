import assert from "node:assert/strict";
import { test } from "node:test";
import { installLines } from "./system-packages.mjs";

test("the package manager is asked only with the right to", () => {
  assert.deepEqual(installLines("chromium", { managers: ["apt-get"], root: false, sudo: false }), []);
  assert.deepEqual(installLines("chromium", { managers: [], root: true, sudo: false }), []);
  assert.deepEqual(installLines("chromium", { managers: ["dnf"], root: true, sudo: false }), [
    ["dnf", "install", "-y", "chromium"],
  ]);
  assert.deepEqual(installLines("chromium", { managers: ["apt-get"], root: false, sudo: true })[0], [
    "sudo",
    "-n",
    "apt-get",
    "update",
  ]);
  assert.deepEqual(installLines("nats-server", { managers: ["apk"], root: false, sudo: true }), [
    ["sudo", "-n", "apk", "add", "nats-server"],
  ]);
});
