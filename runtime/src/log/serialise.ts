import { type ControlRecord, type LogRecord, MAX_RECORD_BYTES } from "@parley/shared/record";
import { AppendError } from "./event-log.js";

/** Each record as JSON, once. */
export function serialise(records: readonly (LogRecord | ControlRecord)[]): string[] | AppendError {
  const texts: string[] = [];
  for (const record of records) {
    const text = JSON.stringify(record);
    // A UTF-16 unit is at most 3 bytes of UTF-8: counting is only needed for long records.
    if (text.length * 3 > MAX_RECORD_BYTES && Buffer.byteLength(text) > MAX_RECORD_BYTES) {
      const message = `The record ${record.id} has ${Buffer.byteLength(text)} bytes; at most ${MAX_RECORD_BYTES} can be stored.`;
      return new AppendError("not-stored", message);
    }
    texts.push(text);
  }
  return texts;
}
