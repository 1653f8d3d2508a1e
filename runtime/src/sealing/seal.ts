import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isInput, type LogRecord } from "@parley/shared/record";

/** AES-256-GCM (NIST SP 800-38D): 96 random bits of nonce, 128 of tag. */
const CIPHER = "aes-256-gcm";
const NONCE = 12;
const TAG = 16;
export const KEY_BYTES = 32;
/** Of a record, opened: more than one can be, against data that inflates without end. */
const MOST = 64 * 1024;

/** A record whose content only the holders of its session's key can read (SPEC L9). */
export type SealedRecord = Pick<LogRecord, "v" | "sid" | "id" | "timestamp"> & {
  readonly payload: { readonly kind: "Control"; readonly message: Sealed };
};

/** `input`: it waits for a run, which a full queue has to know. */
type Sealed = { readonly kind: "Sealed"; readonly data: string; readonly input?: true };

/** What stays readable: it has no word of a visitor, and says what becomes of the others. */
const OPEN: ReadonlySet<string> = new Set(["Turn", "Grant", "Revoke", "Link", "Erased"]);

/** The record if it is a sealed one. */
export function sealedOf(record: LogRecord): SealedRecord | undefined {
  const kind: string | undefined = record.payload?.message.kind;
  return kind === "Sealed" ? (record as unknown as SealedRecord) : undefined;
}

/** The record with all but its place and name sealed; one that says nothing as it is. */
export function seal(record: LogRecord, key: Buffer): LogRecord {
  if (record.payload?.kind === "Control" && OPEN.has(record.payload.message.kind)) return record;
  const { v, sid, id, timestamp, ...rest } = record;
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(about(sid, id));
  const text = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(rest))), cipher.final()]);
  const data = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
  const message: Sealed = isInput(record) ? { kind: "Sealed", data, input: true } : { kind: "Sealed", data };
  const sealed: SealedRecord = { v, sid, id, timestamp, payload: { kind: "Control", message } };
  return sealed as unknown as LogRecord;
}

/** @throws Error the data is not what was sealed with this key under this name */
export function open({ v, sid, id, timestamp, payload }: SealedRecord, key: Buffer): LogRecord {
  const data = Buffer.from(payload.message.data, "base64");
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(about(sid, id));
  decipher.setAuthTag(data.subarray(NONCE, NONCE + TAG));
  const text = Buffer.concat([decipher.update(data.subarray(NONCE + TAG)), decipher.final()]);
  const rest = JSON.parse(inflateRawSync(text, { maxOutputLength: MOST }).toString()) as object;
  return { v, sid, id, timestamp, ...rest } as LogRecord;
}

const about = (sid: string, id: string): Buffer => Buffer.from(`${sid} ${id}`);
