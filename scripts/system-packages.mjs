// Installs programs that tests need by the system's package manager, where that may be done without a question.
import { existsSync } from "node:fs";
import path from "node:path";
import { run } from "./processes.mjs";

/** How long one line of a package manager may take, in ms. */
const INSTALL_LIMIT = 180_000;
const SUDO_LIMIT = 30_000;

/** Each line is run in turn, with the package's name behind the last. */
const MANAGERS = [
  {
    name: "apt-get",
    lines: [
      ["apt-get", "update"],
      ["apt-get", "install", "-y", "--no-install-recommends"],
    ],
  },
  { name: "dnf", lines: [["dnf", "install", "-y"]] },
  { name: "apk", lines: [["apk", "add"]] },
  { name: "pacman", lines: [["pacman", "-Sy", "--noconfirm"]] },
];

/**
 * The commands that install a package, or none where that may not be done unasked.
 * @param {string} name of the package, which is the same for every manager
 * @param {{ managers: readonly string[], root: boolean, sudo: boolean }} rights the managers there are; whether this is
 * the superuser; whether sudo works without a password
 * @returns {string[][]}
 */
export function installLines(name, { managers, root, sudo }) {
  const manager = MANAGERS.find((one) => managers.includes(one.name));
  if (manager === undefined || !(root || sudo)) return [];
  return manager.lines.map((line, i) => [
    ...(root ? [] : ["sudo", "-n"]),
    ...line,
    ...(i === manager.lines.length - 1 ? [name] : []),
  ]);
}

/**
 * Installs a package where this user may. Linux only.
 * @param {string} name
 * @param {{ env: Record<string, string | undefined>, say: (line: string) => void }} options
 * @returns {Promise<boolean>} whether it was tried
 */
export async function installFromSystem(name, { env, say }) {
  const folders = (env.PATH ?? "").split(":");
  const there = (/** @type {string} */ program) => folders.some((folder) => existsSync(path.join(folder, program)));
  const root = process.getuid?.() === 0;
  const sudo =
    !root && there("sudo") && (await run("sudo", ["-n", "true"], { quiet: true, limit: SUDO_LIMIT })).code === 0;
  const lines = installLines(name, { managers: MANAGERS.map((one) => one.name).filter(there), root, sudo });
  for (const [command, ...args] of lines) {
    say(`Installing ${name}: ${[command, ...args].join(" ")}…`);
    const { code, output } = await run(/** @type {string} */ (command), args, {
      quiet: true,
      limit: INSTALL_LIMIT,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (code !== 0) say(output.trimEnd());
  }
  return lines.length > 0;
}
