/** A chat session in which the visitor waits for a person: whose work it is, and after how many seconds he waits no more. */
export type HandOffAsked = { readonly queue?: string; readonly timeout?: number };
/** The longest that a visitor may be asked to wait for a person, in seconds. */
export const MAX_WAIT_SECONDS = 86_400;
/** How a hand-off ends: the person is done, nobody is there, nobody has come in time. */
export const OUTCOMES = ["closed", "unavailable", "timeout"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What bot and visitor say to each other, as records and frames carry it: ids are strings, texts are finished
 * (placeholders filled in). The names of kinds and fields are those of the original demo and never change.
 */
export type ChoiceItem = { readonly itemId: string; readonly content: string };

export type RequestMessage =
  | { readonly kind: "BotText"; readonly content: string }
  | {
      readonly kind: "ChoiceRequest";
      readonly groupId: string;
      readonly question: string;
      readonly choices: readonly ChoiceItem[];
    }
  | {
      readonly kind: "StartChatSession";
      readonly sessionId: string;
      readonly chatPrompt?: string;
      readonly chatText?: string;
      /** It opens a hand-off, whose `handOffId` the `sessionId` is; clients that know no hand-off see a chat session. */
      readonly handOff?: HandOffAsked;
    }
  | { readonly kind: "EndChatSession"; readonly sessionId: string };

export type ChoiceResponse = {
  readonly kind: "ChoiceResponse";
  readonly groupId: string;
  readonly itemId: string;
  readonly content?: string;
};
export type UserText = { readonly kind: "UserText"; readonly sessionId: string; readonly content: string };
export type ResetSession = { readonly kind: "ResetSession" };
export type AnswerMessage = ChoiceResponse | UserText;
/** What a visitor sends and a `Response` record holds. */
export type ResponseMessage = AnswerMessage | ResetSession;
/** What a conversation consists of, for everybody who reads it. */
export type Message = RequestMessage | ResponseMessage;

/** Why an answer was refused: to something not open (F6), matched by no state (F7), or while a person has the conversation. */
export type RefusalCode = "stale" | "no-match" | "paused";
