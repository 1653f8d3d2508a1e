import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "@parley/shared/flow/settings";
import { pino } from "pino";
import { readConfig } from "../config.js";
import type { Overrides } from "../ground.js";
import type { EventLog } from "../log/event-log.js";
import { createRuntime, type Runtime } from "../runtime.js";

export const FLOWS = fileURLToPath(new URL("../../../flows/", import.meta.url));

/** A fresh folder that is removed by `dispose`. */
export function scratch(): { path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), "parley-"));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/** A runtime on a free port over the given log, with the reference flow unless other flows are given. */
export function serve(
  log: EventLog | undefined,
  options: {
    argv?: string[];
    env?: Record<string, string>;
    overrides?: Overrides;
    onLog?: (line: string) => void;
  } = {},
): Promise<Runtime> {
  const argv = options.argv ?? [join(FLOWS, "bot-assistant.json")];
  const config = readConfig(
    [...argv, "--port", "0", "--log-level", process.env.PARLEY_TEST_LOG ?? "silent"],
    options.env ?? {},
  );
  const { onLog } = options;
  const logger = onLog ? pino({ level: "info" }, { write: onLog }) : pino({ level: config.logLevel });
  return createRuntime(config, logger, { ...(log && { log }), ...options.overrides });
}

/** Writes flow files into a folder, with the settings there are; the paths of the flows. */
export function writeFlows(
  folder: string,
  flows: Record<string, unknown>,
  settings: Record<string, Settings> = {},
): string[] {
  for (const [name, own] of Object.entries(settings)) {
    writeFileSync(join(folder, `${name}.settings.json`), JSON.stringify(own));
  }
  return Object.entries(flows).map(([name, flow]) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(flow, null, 2));
    return path;
  });
}
