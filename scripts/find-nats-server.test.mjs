import assert from "node:assert/strict";
import { test } from "node:test";
import { natsServerPlaces } from "./find-nats-server.mjs";

test("the PATH in its order, then where Debian puts it", () => {
  const places = natsServerPlaces({ env: { PATH: "/a:/usr/sbin" }, platform: "linux" });
  assert.deepEqual(places, ["/a/nats-server", "/usr/sbin/nats-server", "/usr/local/bin/nats-server"]);
});

test("Windows: the PATH alone", () => {
  assert.deepEqual(natsServerPlaces({ env: { Path: "C:\\bin" }, platform: "win32" }), ["C:\\bin\\nats-server.exe"]);
});
