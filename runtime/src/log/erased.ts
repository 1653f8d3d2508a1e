import { type LogRecord, RECORD_VERSION, type RightsRecord } from "@parley/shared/record";

/** The record that ends a session: every record of it is void. */
export const erasedRecord = (sid: string, at: { readonly id: string; readonly timestamp: string }): RightsRecord => ({
  v: RECORD_VERSION,
  sid,
  id: at.id,
  timestamp: at.timestamp,
  payload: { kind: "Control", message: { kind: "Erased" } },
});

/** Whether a record, which stands under a person's number, names this session as that person's. */
export const linksTo = ({ payload }: LogRecord, sid: string): boolean =>
  payload?.kind === "Control" && payload.message.kind === "Link" && payload.message.to === sid;
