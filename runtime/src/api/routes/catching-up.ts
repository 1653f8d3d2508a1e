import { Refusal } from "../../studio/refusal.js";

const RETRY_AFTER = 5;

/** What a list says of itself while it is not whole yet. @param share of the log that it is made of; undefined: all */
export const sofar = (share: number | undefined): { catchingUp?: number } =>
  share === undefined ? {} : { catchingUp: percent(share) };

/** Files and reports are whole or not given. @throws Refusal `catching-up` */
export function needAll(share: number | undefined): void {
  if (share === undefined) return;
  const title = `The conversations are still being gathered from the log, ${percent(share)} % so far: ask again in a while.`;
  throw new Refusal("catching-up", title, { retryAfter: RETRY_AFTER });
}

const percent = (share: number): number => Math.floor(share * 100);
