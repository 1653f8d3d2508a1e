import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** A webhook's own secret: the key of its signatures, base64 behind a word that says what it is. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString("base64");

/**
 * The headers by which a receiver knows that a call is ours, is new, and was not had before, in the manner of Standard
 * Webhooks: HMAC-SHA256 over `id.timestamp.body`.
 * @param id of the event, the same at every try; holds no full stop
 * @param now ms
 */
export function signed(secret: string, id: string, now: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
