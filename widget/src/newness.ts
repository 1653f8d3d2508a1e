import type { Transcript, TranscriptEvent } from "./transcript.js";

type Happening = readonly [type: "ready" | "message" | "answer" | "end", detail?: object];

/**
 * What of a conversation is new to this page, for its events and for a screen reader. What came while the line was down is
 * new; what is read again, at a load or from a log that is another, is not.
 */
export class Newness {
  /** The page has had all of a conversation. */
  #ready = false;
  #replaying = true;
  /** When the connection began, the page had all that was said before. */
  #resumed = false;
  /** The last turn of before has come, which follows each Welcome. */
  #turned = false;

  /** What comes was there before. */
  get replaying(): boolean {
    return this.#replaying;
  }
  /** The conversation is there, and the bot has said what it had to say. */
  get settled(): boolean {
    return this.#ready && this.#turned;
  }

  /** All is read again. */
  again(): void {
    this.#replaying = true;
  }

  /** Another conversation is to be shown. */
  forget(): void {
    this.#ready = false;
    this.#replaying = true;
  }

  /** What the page is told after an event, in order. */
  after(event: TranscriptEvent, before: Transcript, now: Transcript): Happening[] {
    const happenings: Happening[] = [];
    if (event.kind === "Welcome") {
      this.#resumed = this.#ready;
      this.#turned = false;
    }
    if (event.kind === "Resync") this.again();
    const isNew = event.kind === "Message" && now.last !== before.last;
    if (isNew && event.message && (!this.#replaying || event.seq > now.latest)) {
      const { seq, id, message } = event;
      const answer = message.kind === "ChoiceResponse" || message.kind === "UserText";
      happenings.push([answer ? "answer" : "message", { seq, id, message }]);
    }
    if (now.sid !== undefined && (now.last?.seq ?? 0) >= now.latest) {
      this.#replaying = false;
      if (!this.#ready) happenings.unshift(["ready"]);
      this.#ready = true;
    }
    if (event.kind === "Turn") {
      // At a load the first one says again how it stands; of a conversation that has just begun it is news.
      const news = this.#turned || this.#resumed || now.latest === 0;
      if (now.ended && !before.ended && news) happenings.push(["end"]);
      this.#turned = true;
    }
    return happenings;
  }
}
