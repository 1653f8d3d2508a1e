import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What is traced: what is written to files and sockets, and when a file is on the disk. */
const CALLS = "pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg";

/** The command that traces what is started by it, itself in the background: the process id is the traced one's. */
export const straceTo = (strace: string, file: string): string[] => [
  ...[strace, "-D", "-f", "-yy", "-s", "65536", "-o", file],
  ...["-e", `trace=${CALLS}`, "-e", "signal=none"],
];

/** Where strace is, or why nothing can be traced on this machine. */
export function findStrace():
  | { readonly path: string; readonly why?: undefined }
  | { readonly path?: undefined; readonly why: string } {
  const named = process.env.PARLEY_STRACE;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const path = (named ? [named] : folders.map((folder) => join(folder, "strace"))).find((place) => existsSync(place));
  if (path === undefined) return { why: "no strace was found, and none could be installed" };
  const tried = spawnSync(path, ["-f", "-o", "/dev/null", process.execPath, "-e", ""], { encoding: "utf8" });
  if (tried.status === 0) return { path };
  return { why: `strace may trace nothing here: ${(tried.error?.message ?? tried.stderr).trim().split("\n").at(-1)}` };
}

/** A system call: where in the trace it began and ended, as numbers of lines. `result`: undefined while it runs. */
type Call = { readonly name: string; args: string; readonly began: number; ended: number; result: number | undefined };

/** The calls of a trace, in the order in which they began. What strace cut in two is one. */
export function callsOf(trace: string): Call[] {
  const calls: Call[] = [];
  const running = new Map<string, Call>();
  for (const [at, line] of trace.split("\n").entries()) {
    const [, thread, rest] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    if (thread === undefined || rest === undefined) continue;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest);
    const began = resumed ? undefined : /^(\w+)\((.*)$/s.exec(rest);
    const call: Call | undefined = began
      ? { name: began[1]!, args: "", began: at, ended: at, result: undefined }
      : running.get(thread);
    if (call === undefined) continue; // A signal, an end; or its beginning was not seen.
    if (began) calls.push(call);
    const text = resumed?.[1] ?? began?.[2] ?? "";
    const cut = text.endsWith("<unfinished ...>");
    if (cut) running.set(thread, call);
    else running.delete(thread);
    call.args += cut ? text.slice(0, -"<unfinished ...>".length) : text;
    call.ended = at;
    if (cut) continue;
    const result = /\) += (-?\d+)(?: .*)?$/.exec(text)?.[1];
    call.result = result === undefined ? undefined : Number(result);
  }
  return calls;
}

/** What a trace shows of acknowledgements: how many, and the ids of those that came before their record was durable. */
export type Verdict = { readonly acks: number; readonly unsynced: readonly string[] };

/**
 * [P2] Between the first write of a record to the write-ahead log and its `Ack` on a socket lies a whole, successful
 * `fsync` or `fdatasync` of that file.
 * @param recordId the id under which a message is in the log
 */
export function judge(trace: string, recordId: (id: string) => string): Verdict {
  const calls = callsOf(trace);
  const file = (call: Call) => /^\d+<([^>]*)>/.exec(call.args)?.[1] ?? "";
  const toWal = calls.filter((call) => /-wal$/.test(file(call)) && call.result !== undefined && call.result >= 0);
  const writes = toWal.filter(({ name }) => name === "pwrite64");
  const syncs = toWal.filter(({ name, result }) => /^(fsync|fdatasync)$/.test(name) && result === 0);
  /** The first write that holds each record. */
  const written = new Map<string, Call>();
  for (const write of writes) {
    for (const [, id] of write.args.matchAll(/\\"id\\":\\"([^"\\]+)\\"/g))
      if (!written.has(id!)) written.set(id!, write);
  }
  const acks = calls
    .filter((call) => /^(write|writev|sendto|sendmsg)$/.test(call.name) && /^\d+<(TCP|socket)/.test(call.args))
    .flatMap((call) =>
      [...call.args.matchAll(/\{\\"kind\\":\\"Ack\\",\\"id\\":\\"([^"\\]+)\\"/g)].map(([, id]) => ({ id: id!, call })),
    );
  const unsynced = acks.filter(({ id, call }) => {
    const write = written.get(recordId(id));
    return write === undefined || !syncs.some((sync) => sync.began > write.ended && sync.ended < call.began);
  });
  return { acks: acks.length, unsynced: unsynced.map(({ id }) => id) };
}
