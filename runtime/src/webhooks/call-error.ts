/** Why a webhook was not called, or its answer does not count. Codes are stable. */
export type CallCode =
  | "bad-address"
  | "not-https"
  | "user-info"
  | "odd-port"
  | "local-name"
  | "not-public"
  | "unknown-name"
  | "other-address"
  | "not-reached"
  | "redirect"
  | "too-slow"
  | "too-large";

/** What went wrong with a call, in one sentence for an owner. Nothing of the answer is in it. */
export class CallError extends Error {
  override readonly name = "CallError";
  constructor(
    readonly code: CallCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
