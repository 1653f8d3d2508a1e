import { type Delivery as Listed, MOST_WEBHOOKS, type Webhook as Shown } from "@parley/shared/api/webhooks";
import { Refusal } from "../../studio/refusal.js";
import { newId } from "../../studio/secrets.js";
import type { StudioStore } from "../../studio/store.js";
import { CallError } from "../../webhooks/call-error.js";
import { newWebhookSecret } from "../../webhooks/signature.js";
import type { Delivery, Webhook } from "../../webhooks/webhook-rows.js";
import type { Webhooks } from "../../webhooks/webhooks.js";
import { nameOf } from "../gate.js";
import type { Handlers } from "../handler.js";

export type WebhookRoutes = Pick<
  Handlers,
  | "GET /api/webhooks"
  | "POST /api/webhooks"
  | "PATCH /api/webhooks/{webhook}"
  | "DELETE /api/webhooks/{webhook}"
  | "POST /api/webhooks/{webhook}/test"
  | "GET /api/webhooks/{webhook}/deliveries"
>;

type Context = { readonly store: StudioStore; readonly webhooks: Webhooks; readonly now: () => number };

/** Webhooks: an owner's, and nobody else sees them. */
export function webhookRoutes({ store, webhooks, now }: Context): WebhookRoutes {
  const rows = store.webhooks;
  const known = (id: string): Webhook => {
    const hook = rows.get(id);
    if (!hook) throw new Refusal("not-found", "There is no such webhook.");
    return hook;
  };
  const checked = (url: string): string => {
    try {
      webhooks.check(url);
      return new URL(url).href;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      throw new Refusal("invalid", error.message, { errors: [{ pointer: "/url", message: error.message }] });
    }
  };
  return {
    "GET /api/webhooks": () => ({ body: { webhooks: rows.all().map(shown) } }),
    "POST /api/webhooks": ({ who, body: { url, texts = false } }) => {
      const hook = {
        ...{ id: newId(), url: checked(url), secret: newWebhookSecret(), texts },
        ...{ by: nameOf(who), created: now() },
      };
      if (rows.all().length >= MOST_WEBHOOKS) {
        throw new Refusal("too-many-webhooks", `There are ${MOST_WEBHOOKS} webhooks. Remove one first.`);
      }
      rows.add(hook);
      return { body: { ...shown(hook), secret: hook.secret }, headers: { Location: `/api/webhooks/${hook.id}` } };
    },
    "PATCH /api/webhooks/{webhook}": ({ path, body: { url, texts } }) => {
      const { id } = known(path.webhook);
      rows.change(id, { ...(url !== undefined && { url: checked(url) }), ...(texts !== undefined && { texts }) });
      return { body: shown(known(id)) };
    },
    "DELETE /api/webhooks/{webhook}": ({ path }) => {
      rows.remove(known(path.webhook).id);
      return {};
    },
    "POST /api/webhooks/{webhook}/test": async ({ path }) => ({
      body: listed(await webhooks.test(known(path.webhook), `evt_${newId()}`)),
    }),
    "GET /api/webhooks/{webhook}/deliveries": ({ path }) => ({
      body: { deliveries: rows.last(known(path.webhook).id).map(listed) },
    }),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

const shown = ({ id, url, texts, by, created }: Webhook): Shown => ({ id, url, texts, by, created: iso(created) });

const listed = ({ event, kind, at, state, tries, next, status, problem }: Delivery): Listed => ({
  ...{ event, kind: kind as Listed["kind"], at: iso(at), state, tries },
  ...(next !== null && { next: iso(next) }),
  ...(status !== null && { status }),
  ...(problem !== null && { problem }),
});
