import type { RefusalCode, RequestMessage, ResponseMessage } from "./message.js";
import type { Device } from "./visitor.js";

/** The record format this build writes. A reader stops a session at a higher one (L4). */
export const RECORD_VERSION = 1;
/** A record as JSON, in UTF-8 bytes. */
export const MAX_RECORD_BYTES = 12 * 1024;

/** Where a conversation begins: the version it stays on and the stepping rules it is stepped by (P6). */
export type Beginning = { readonly flow: string; readonly version: number; readonly step: number };

type Common = {
  readonly v: number;
  /** 40 hex digits. Names the session; gives no right to it. */
  readonly sid: string;
  /** Unique in the session; the prefix says who chose it (see the id functions below). */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
};

/** The first record of a session: no payload. */
export type FirstRecord = Common &
  Beginning & {
    readonly payload?: undefined;
    /** SHA-256 (hex) of the secret that this record grants the session to (parley.v1). */
    readonly grant?: string;
    /** Where the visitor was, as the client said: an address without query. */
    readonly page?: string;
    /** Of the visitor's browser, as it says itself: its first language (a tag as `de-AT`), and what kind of device it is on. */
    readonly language?: string;
    readonly device?: Device;
  };

/** Said by the bot: the n-th request of the run that answers input `of`. */
export type RequestRecord = Common & {
  readonly payload: { readonly kind: "Request"; readonly message: RequestMessage };
  readonly of: string;
  readonly fence: number;
  /** The state that sent it; none for what a takeover opens and giving back closes. */
  readonly state?: string;
  /** `bot`, or who took the conversation over. */
  readonly by: string;
};

/** Sent by the visitor, appended before anybody judged it. A `ResetSession` names the version live then. */
export type ResponseRecord = Common & {
  readonly payload: { readonly kind: "Response"; readonly message: ResponseMessage };
  readonly by: string;
  /** The `seq` of the message it answers; without it, the one open now (F6). */
  readonly re?: number;
} & Partial<Beginning>;

/** The end of the run of input `of`. */
export type TurnMessage = {
  readonly kind: "Turn";
  readonly refused?: RefusalCode;
  /** Nothing is open: the conversation has ended (F3). */
  readonly ended?: true;
  /** The run was cut by the interpreter (F8): why. */
  readonly failed?: string;
};
export type TurnRecord = Common & {
  readonly payload: { readonly kind: "Control"; readonly message: TurnMessage };
  readonly of: string;
  readonly fence: number;
  /** The state that matched the answer, if one did. */
  readonly state?: string;
};

/** Values the page passes for `{{id}}` (F12); an input like an answer, said by the page. */
export type SetVariablesMessage = { readonly kind: "SetVariables"; readonly values: Readonly<Record<string, string>> };
export type SetVariablesRecord = Common & {
  readonly payload: { readonly kind: "Control"; readonly message: SetVariablesMessage };
  readonly by: string;
};

/**
 * The exclusive acts of people. `after` is the id of the last act that its author had read, absent for none: of two that
 * name the same one the first in the log counts (L8). `name` is shown to the visitor, and `picture` beside it: the name of
 * one that a server keeps, and nothing where it is not of that form; the record's `by` is who acted.
 * `Assign` without `to` leaves the conversation to whoever takes it over next, in the queue that it names or else where
 * it is; the bot stays silent, and a hand-off waits again. The last three mend a conversation, with or without a person
 * in it: what is open is asked again, it goes on at another state, it ends. `why` is for whoever reads the log.
 */
export type ActMessage =
  | { readonly kind: "Takeover"; readonly after?: string; readonly name: string; readonly picture?: string }
  | {
      readonly kind: "Assign";
      readonly after?: string;
      readonly to?: string;
      readonly name?: string;
      readonly picture?: string;
      readonly queue?: string;
    }
  | { readonly kind: "GiveBack"; readonly after: string }
  | { readonly kind: "Resend"; readonly after?: string; readonly why?: string }
  | { readonly kind: "Move"; readonly after?: string; readonly state: string; readonly why?: string }
  | { readonly kind: "End"; readonly after?: string; readonly why?: string };
export type ActRecord = Common & {
  readonly payload: { readonly kind: "Control"; readonly message: ActMessage };
  readonly by: string;
};

/**
 * What ends a hand-off that waits: nobody has come in time (`Due`, written by the workflow), or nobody is there
 * (`Unavailable`, by the studio). It counts while the request at `re` is the hand-off's and nobody has taken the
 * conversation; `after` is the last exclusive act, as an act names it. Made by `waitOver`.
 */
export type WaitMessage = {
  readonly kind: "Due" | "Unavailable";
  readonly handOffId: string;
  readonly re: number;
  readonly after?: string;
};
export type WaitRecord = Common & {
  readonly payload: { readonly kind: "Control"; readonly message: WaitMessage };
  /** `clock` or `studio`. */
  readonly by: string;
};

/** Said by a person who has taken the conversation over, under the act `act`: an input, which the workflow judges. */
export type OperatorRecord = Common & {
  readonly payload: { readonly kind: "Request"; readonly message: Extract<RequestMessage, { kind: "BotText" }> };
  readonly by: string;
  readonly act: string;
};

/**
 * Rights to the session (`Grant`, `Revoke`: SHA-256 of a secret) and its end (`Erased`: every record is void).
 * `subject` is the same for one person in every flow, and nothing stands under it. `person` names whose session it is from
 * then on; under that name as `sid` stands nothing but `Link`: where the person's
 * conversation is.
 */
export type RightsMessage =
  | { readonly kind: "Grant"; readonly hash: string; readonly person?: string; readonly subject?: string }
  | { readonly kind: "Link"; readonly to: string }
  | { readonly kind: "Revoke"; readonly hash: string }
  | { readonly kind: "Erased" };
export type RightsRecord = Common & { readonly payload: { readonly kind: "Control"; readonly message: RightsMessage } };

/** Records that wait for a `Turn`: the first record, what the visitor sent, the page's variables, what people and clocks did. */
export type InputRecord = FirstRecord | ResponseRecord | SetVariablesRecord | ActRecord | OperatorRecord | WaitRecord;
export type LogRecord = InputRecord | RequestRecord | TurnRecord | RightsRecord;

/** A record of the control stream: published versions (see registry). */
export type PartMessage = {
  readonly kind: "Part";
  readonly digest: string;
  readonly n: number;
  readonly of: number;
  readonly data: string;
};
export type PublishedMessage = {
  readonly kind: "Published";
  readonly flow: string;
  readonly digest: string;
  /** The number of the version before it in the log, 0 for none; another makes it void. */
  readonly parent: number;
  readonly settings: unknown;
  readonly by: string;
  readonly note: string;
  /** The flow had been taken down before it; otherwise than it was makes it void, as another parent does. */
  readonly down?: true;
  /** It makes this older version live again. */
  readonly back?: number;
};
/** No version is live from here on: nobody begins, and who has begun may finish. Void unless `parent` is live. */
export type UnpublishedMessage = {
  readonly kind: "Unpublished";
  readonly flow: string;
  readonly parent: number;
  readonly by: string;
  readonly note: string;
};
export type ControlRecord = {
  readonly v: number;
  readonly id: string;
  readonly timestamp: string;
  readonly payload: { readonly kind: "Control"; readonly message: PartMessage | PublishedMessage | UnpublishedMessage };
};

/** Ids by kind: nobody can choose one of another kind. */
export const FIRST_ID = "s.1";
export const clientId = (id: string): string => `c.${id}`;
export const operatorId = (id: string): string => `o.${id}`;
/**
 * Of what ends the wait of a hand-off: by the number of its request, and how many acts had counted, so that each wait
 * has one and it is the same whoever writes it.
 */
export const dueId = (seq: number, fence: number): string => `t.${seq}.${fence}`;
export const unavailableId = (seq: number, fence: number): string => `u.${seq}.${fence}`;
/** The n-th record (from 1) of the run that answers `input` under `fence`. */
export const runId = (input: string, fence: number, n: number): string => `b.${input}.${fence}.${n}`;
/** `id === runId(input, fence, n)`, without making that string: it is asked for every record by every reader. */
export function isRunId(id: string, input: string, fence: number, n: number): boolean {
  const end = `.${fence}.${n}`;
  return (
    id.length === 2 + input.length + end.length && id.startsWith("b.") && id.startsWith(input, 2) && id.endsWith(end)
  );
}
/** The id a client gave, or undefined for a record that no client sent. */
export const idOfClient = (id: string): string | undefined => (id.startsWith("c.") ? id.slice(2) : undefined);

/** Whether the record is an input, which a workflow answers with one run. Of a newer format nobody here can say. */
export function isInput(record: LogRecord): record is InputRecord {
  if (record.v > RECORD_VERSION) return false;
  const payload = record.payload;
  if (payload === undefined || payload.kind === "Response") return true;
  if (payload.kind === "Request") return !("of" in record);
  const { message } = payload;
  // Of a sealed one only whoever seals it knows (L9).
  return message.kind === "SetVariables" || ACTS.has(message.kind) || WAITS.has(message.kind) || "input" in message;
}

/** The kinds of exclusive acts. */
export const ACTS: ReadonlySet<string> = new Set<ActMessage["kind"]>([
  ...(["Takeover", "Assign", "GiveBack"] as const),
  ...(["Resend", "Move", "End"] as const),
]);

/** The kinds of what ends a hand-off that waits. */
export const WAITS: ReadonlySet<string> = new Set<WaitMessage["kind"]>(["Due", "Unavailable"]);

/** The exclusive act that the record is, if it is one. */
export function actOf(record: LogRecord): ActMessage | undefined {
  const payload = record.payload;
  return payload?.kind === "Control" && ACTS.has(payload.message.kind) ? (payload.message as ActMessage) : undefined;
}

/** What ends a hand-off that waits, if the record is that. */
export function waitOf(record: LogRecord): WaitMessage | undefined {
  const payload = record.payload;
  return payload?.kind === "Control" && WAITS.has(payload.message.kind) ? (payload.message as WaitMessage) : undefined;
}

/** Whether the record voids every record of its session. */
export const isErased = (record: LogRecord): boolean =>
  record.v <= RECORD_VERSION && record.payload?.kind === "Control" && record.payload.message.kind === "Erased";
