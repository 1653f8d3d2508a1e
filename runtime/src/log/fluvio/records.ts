import type { ControlRecord, LogRecord } from "@parley/shared/record";

const SID = /^[0-9a-f]{40}$/;

/** A value of the topic as a record. Anybody may write to a topic: what is no record of ours is passed over. */
export function recordOf(text: string): LogRecord | undefined {
  const record = objectOf<LogRecord>(text);
  return record !== undefined && typeof record.sid === "string" && SID.test(record.sid) ? record : undefined;
}

/** The same of the control topic. */
export const controlOf = (text: string): ControlRecord | undefined => {
  const record = objectOf<ControlRecord>(text);
  return record?.payload?.kind === "Control" ? record : undefined;
};

function objectOf<R extends { readonly id: string; readonly v: number }>(text: string): R | undefined {
  try {
    const value = JSON.parse(text) as Partial<R> | null;
    return typeof value === "object" && typeof value?.id === "string" && typeof value.v === "number"
      ? (value as R)
      : undefined;
  } catch {
    return undefined;
  }
}
