import { RECORD_VERSION, type RightsRecord } from "@parley/shared/record";

/** The record that ends a session: every record of it is void. */
export const erasedRecord = (sid: string, at: { readonly id: string; readonly timestamp: string }): RightsRecord => ({
  v: RECORD_VERSION,
  sid,
  id: at.id,
  timestamp: at.timestamp,
  payload: { kind: "Control", message: { kind: "Erased" } },
});
