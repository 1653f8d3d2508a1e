import { readdirSync, readFileSync } from "node:fs";

/** Why a load cannot come from many addresses of this machine; empty where it can. */
export const oneAddress = process.platform === "linux" ? "" : " (only Linux has all of 127.0.0.0/8)";

/** One of many addresses of this machine, each of which `PER_ADDRESS` connections share. */
export const addressOf = (i: number): string => {
  const n = Math.floor(i / PER_ADDRESS);
  return `127.1.${Math.floor(n / 250)}.${1 + (n % 250)}`;
};
const PER_ADDRESS = 20;

/** As many of these as a process may have sockets open. Node has raised its own limit as far as it may. */
export function asManyAs(wanted: number): number {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? wanted * 2);
  const many = Math.min(wanted, limit - 1_000);
  if (many < wanted) console.log(`a process may have ${limit} files open here: ${many} sockets, not ${wanted}`);
  return many;
}

/** Does it for each, so many at a time. */
export async function each<T, R>(
  list: readonly T[],
  atATime: number,
  one: (item: T, i: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = list.entries();
  const worker = async () => {
    for (const [i, item] of rest) results[i] = await one(item, i);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

/** Memory that a process has, in MiB. */
export const residentMiB = (pid: number): number =>
  Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024);

/** What a process has open. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
