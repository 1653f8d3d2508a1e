import { expect, it, onTestFinished, vi } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import { serve } from "../testing/server.js";
import { send } from "../testing/studio.js";
import { DraftLinks } from "./draft-links.js";

it("[P12] a studio that a full disk does not let tidy starts all the same, and says so", async () => {
  const tidy = vi.spyOn(DraftLinks.prototype, "tidy").mockImplementation(() => {
    throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
  });
  onTestFinished(() => tidy.mockRestore());
  const lines: string[] = [];
  const runtime = await serve(createMemoryLog(), { onLog: (line) => lines.push(line) });
  onTestFinished(() => runtime.drain());
  expect(tidy).toHaveBeenCalled();
  expect(lines.join("")).toContain("the studio could not be tidied");
  expect((await send(runtime.url, "GET", "/readyz")).status).toBe(200);
});
