import { Recent } from "../recent.js";

const MASK = 0xffff_ffff_ffff_ffffn;
/** Sessions whose partition is kept at hand. */
const KEPT = 50_000;

const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;

/** SipHash-2-4 with a key of zeros. */
function sipHash(bytes: Buffer): bigint {
  let [v0, v1, v2, v3] = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];
  const round = (times: number): void => {
    for (let i = 0; i < times; i++) {
      v0 = (v0 + v1) & MASK;
      v1 = rotate(v1, 13n) ^ v0;
      v0 = rotate(v0, 32n);
      v2 = (v2 + v3) & MASK;
      v3 = rotate(v3, 16n) ^ v2;
      v0 = (v0 + v3) & MASK;
      v3 = rotate(v3, 21n) ^ v0;
      v2 = (v2 + v1) & MASK;
      v1 = rotate(v1, 17n) ^ v2;
      v2 = rotate(v2, 32n);
    }
  };
  const take = (word: bigint): void => {
    v3 ^= word;
    round(2);
    v0 ^= word;
  };
  const end = bytes.length & ~7;
  for (let i = 0; i < end; i += 8) take(bytes.readBigUInt64LE(i));
  const last = Buffer.alloc(8);
  bytes.copy(last, 0, end);
  last[7] = bytes.length & 0xff;
  take(last.readBigUInt64LE(0));
  v2 ^= 0xffn;
  round(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

/** The partition that Fluvio's client puts records with this key in: it hashes the key's length and bytes. */
export function partitionOfKey(key: string, partitions: number): number {
  const bytes = Buffer.from(key);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Number(sipHash(Buffer.concat([length, bytes])) % BigInt(partitions));
}

/** The same, with what was asked lately at hand. */
export function partitioner(partitions: number): (sid: string) => number {
  const known = new Recent<number>(KEPT);
  return (sid) => {
    let partition = known.get(sid);
    if (partition === undefined) {
      partition = partitionOfKey(sid, partitions);
      known.set(sid, partition);
    }
    return partition;
  };
}
