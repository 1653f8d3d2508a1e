import { type Static, Type } from "typebox";

const closed = { additionalProperties: false };
const Time = Type.String({ description: "ISO 8601, UTC" });
const Address = Type.String({ minLength: 1, maxLength: 2_000, description: "https, at a public address" });
const Texts = Type.Boolean({ description: "What the visitor said last is sent along" });

/** What is told: that a conversation waits for a person, that the first one has taken it, that it goes on without any. */
export const WEBHOOK_EVENTS = ["conversation.waiting", "conversation.taken", "conversation.ended"] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** More webhooks than these a server has not. */
export const MOST_WEBHOOKS = 10;

const webhookFields = { id: Type.String(), url: Type.String(), texts: Texts, by: Type.String(), created: Time };
export const Webhook = Type.Object(webhookFields, { $id: "Webhook" });
export type Webhook = Static<typeof Webhook>;
export const WebhookList = Type.Object({ webhooks: Type.Array(Webhook) }, { $id: "WebhookList" });
export type WebhookList = Static<typeof WebhookList>;
export const NewWebhook = Type.Object({ url: Address, texts: Type.Optional(Texts) }, { $id: "NewWebhook", ...closed });
export const WebhookChange = Type.Object(
  { url: Type.Optional(Address), texts: Type.Optional(Texts) },
  { $id: "WebhookChange", minProperties: 1, ...closed },
);
/** The secret is in this answer and nowhere else. */
export const MadeWebhook = Type.Object(
  {
    ...webhookFields,
    secret: Type.String({ description: "whsec_ and base64: the key of HMAC-SHA256 over id.timestamp.body" }),
  },
  { $id: "MadeWebhook" },
);
export type MadeWebhook = Static<typeof MadeWebhook>;

/** What was, or is to be, sent to a webhook. Of the answer only the status is kept. */
export const Delivery = Type.Object(
  {
    event: Type.String({ description: "The header webhook-id: the same at every try" }),
    kind: Type.Enum([...WEBHOOK_EVENTS, "webhook.test"] as const),
    at: Time,
    state: Type.Enum(["waiting", "delivered", "given-up"] as const, {
      description:
        "`waiting`: it is sent, or sent again; `given-up`: after a day of trying, or a test that did not come",
    }),
    tries: Type.Integer(),
    next: Type.Optional(Time),
    status: Type.Optional(Type.Integer({ description: "Of the answer to the last try" })),
    problem: Type.Optional(Type.String({ description: "Why the last try had no answer that counts" })),
  },
  { $id: "Delivery" },
);
export type Delivery = Static<typeof Delivery>;
export const DeliveryList = Type.Object({ deliveries: Type.Array(Delivery) }, { $id: "DeliveryList" });
export type DeliveryList = Static<typeof DeliveryList>;
