import type { Config } from "../config.js";
import { UserError } from "../errors.js";
import { KeyFile } from "./key-file.js";
import type { SessionKeys } from "./keys.js";
import { RemoteKeys } from "./remote-keys.js";

/** The file of the keys in the studio's data folder. */
export const SESSION_KEYS = "session-keys.db";

/**
 * Where this process has the keys of sessions from: the studio's own file, or the studio.
 * @param file in the data folder of this process
 * @returns undefined: records are not sealed
 * @throws UserError `no-studio`, `no-cluster-token` (exit code 2), `session-keys`
 */
export function openSessionKeys(
  { encrypt, role, studioUrl, clusterToken }: Pick<Config, "encrypt" | "role" | "studioUrl" | "clusterToken">,
  file: string,
): SessionKeys | undefined {
  if (!encrypt) return undefined;
  if (role !== "all" && clusterToken === undefined) {
    const message = `With ENCRYPT=on a ${role} of its own needs CLUSTER_TOKEN, the same for all processes: "openssl rand -hex 32" makes one.`;
    throw new UserError("no-cluster-token", message, { exitCode: 2 });
  }
  if (role === "all" || role === "studio") return new KeyFile(file);
  if (studioUrl === undefined) {
    throw new UserError("no-studio", `With ENCRYPT=on a ${role} needs STUDIO_URL: the studio has the keys.`, {
      exitCode: 2,
    });
  }
  return new RemoteKeys(studioUrl, clusterToken!);
}
