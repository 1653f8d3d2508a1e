import { describe, expect, it } from "vitest";
import { callsOf, judge } from "./strace.js";

const WAL = "31</data/log.db-wal>";
const SOCKET = "27<TCP:[127.0.0.1:9998->127.0.0.1:40000]>";
const written = (id: string) =>
  String.raw`9 pwrite64(${WAL}, "\0\0\r{\"id\":\"c.${id}\",\"sid\":\"s\"}", 4096, 56) = 4096`;
const ack = (id: string) => String.raw`8 write(${SOCKET}, "\201\32{\"kind\":\"Ack\",\"id\":\"${id}\"}", 28) = 28`;
const synced = `9 fdatasync(${WAL}) = 0`;
const verdict = (...lines: string[]) => judge(lines.join("\n"), (id) => `c.${id}`);

describe("[P2] a trace of system calls", () => {
  it("is right where a whole sync lies between a record's first write and its Ack", () => {
    expect(verdict(written("a"), synced, ack("a"))).toEqual({ acks: 1, unsynced: [] });
    // Pages are written again with what others add to them.
    expect(verdict(written("a"), synced, written("a"), ack("a"))).toEqual({ acks: 1, unsynced: [] });
  });

  it.each<[string, string[]]>([
    ["no sync", [written("a"), ack("a")]],
    ["a sync before the write", [synced, written("a"), ack("a")]],
    ["a sync after the Ack", [written("a"), ack("a"), synced]],
    ["a sync that fails", [written("a"), `9 fdatasync(${WAL}) = -1 EIO (Input/output error)`, ack("a")]],
    ["a sync of another file", [written("a"), "9 fdatasync(30</data/log.db>) = 0", ack("a")]],
    ["no write", [synced, ack("a")]],
    [
      "a sync that goes on when the Ack is sent",
      [written("a"), `9 fdatasync(${WAL} <unfinished ...>`, ack("a"), "9 <... fdatasync resumed>) = 0"],
    ],
    [
      "a sync that began before the write ended",
      [
        written("a").replace(", 4096, 56) = 4096", " <unfinished ...>"),
        `7 fdatasync(${WAL}) = 0`,
        "9 <... pwrite64 resumed>, 4096, 56) = 4096",
        ack("a"),
      ],
    ],
  ])("is wrong with %s", (_, lines) => {
    expect(verdict(...lines)).toEqual({ acks: 1, unsynced: ["a"] });
  });

  it("counts each Ack of one writing, in parts as the socket is given them", () => {
    const both = String.raw`8 writev(${SOCKET}, [{iov_base="\201\32", iov_len=2}, {iov_base="{\"kind\":\"Ack\",\"id\":\"a\"}", iov_len=24}, {iov_base="\201\32", iov_len=2}, {iov_base="{\"kind\":\"Ack\",\"id\":\"b\"}", iov_len=24}], 4) = 52`;
    expect(verdict(written("a"), synced, both)).toEqual({ acks: 2, unsynced: ["b"] });
  });

  it("has its calls whole, by thread, whatever comes between", () => {
    const lines = [
      '8 write(1<pipe:[1]>, "a <unfinished ...>", 3 <unfinished ...>',
      `9 fdatasync(${WAL} <unfinished ...>`,
      "8 <... write resumed>)                 = 3",
      "9 <... fdatasync resumed>)             = 0",
      "8 +++ exited with 0 +++",
    ];
    expect(callsOf(lines.join("\n"))).toEqual([
      {
        name: "write",
        args: '1<pipe:[1]>, "a <unfinished ...>", 3 )                 = 3',
        began: 0,
        ended: 2,
        result: 3,
      },
      { name: "fdatasync", args: `${WAL} )             = 0`, began: 1, ended: 3, result: 0 },
    ]);
  });
});
