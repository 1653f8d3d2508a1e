import { MAX_COMMENTS, type SharedComment, type SharedDraft } from "@parley/shared/api/links";
import type { Note } from "@parley/shared/flow/layout";
import { firstUnits, jsonBytes } from "@parley/shared/text";
import type { Asker, Previews } from "../preview/previews.js";
import type { LinkRow } from "../studio/draft-links.js";
import type { FlowRow } from "../studio/flow-rows.js";
import type { Flows } from "../studio/flows.js";
import { Refusal } from "../studio/refusal.js";
import { newId } from "../studio/secrets.js";
import type { StudioStore } from "../studio/store.js";
import { Throttle, type ThrottleLimits } from "../studio/throttle.js";
import { drawingOf, readLinked } from "./shared-draft.js";

export type ReadersOptions = {
  readonly store: StudioStore;
  readonly flows: Flows;
  readonly previews: Previews;
  readonly now: () => number;
};

/** Of one link from one address, and of one link from everywhere. */
const PLAYS: ThrottleLimits = { tries: 20, within: 60_000 };
const COMMENTS: ThrottleLimits = { tries: 10, within: 60_000 };
const LINK_COMMENTS: ThrottleLimits = { tries: 40, within: 60_000 };
/** Conversations that readers sent: of one link, of a flow, and bytes of one. */
const MAX_SENT = 20;
const MAX_SENT_OF_FLOW = 200;
const MAX_SENT_BYTES = 64 * 1024;
/** Characters of a message that are told beside a comment on it. */
const ABOUT_LENGTH = 100;

type Opened = { readonly link: LinkRow; readonly row: FlowRow };

/** The readers of draft links, and all that the right of one is good for: to see that draft, talk to it, and comment. */
export class Readers {
  readonly #plays: Throttle;
  readonly #comments: Throttle;
  readonly #linkComments: Throttle;

  constructor(private readonly options: ReadersOptions) {
    const { now } = options;
    this.#plays = new Throttle(PLAYS, now);
    this.#comments = new Throttle(COMMENTS, now);
    this.#linkComments = new Throttle(LINK_COMMENTS, now);
  }

  /** What the link shows. @param have the ETag of what the reader has @throws Refusal `link-over` */
  async look(right: string, have: string | undefined, preview: string | undefined): Promise<SharedDraft> {
    const { store } = this.options;
    const { link, row } = this.#open(right);
    const draft = await readLinked(store, link);
    const drawn = link.drawing === 1;
    return {
      title: draft.settings.title ?? row.id,
      follows: link.json === null,
      expires: new Date(link.expires).toISOString(),
      etag: draft.etag,
      drawn,
      ...(drawn && have !== draft.etag && { drawing: drawingOf(draft) }),
      comments: store.links.comments(link.id),
      goesOn: preview !== undefined && this.#isThere(link, row, preview),
    };
  }

  /** Begins a conversation. @throws Refusal `link-over`, `too-many-requests` */
  async play(right: string, address: string): Promise<{ preview: string; ticket: string }> {
    const { store, previews } = this.options;
    const { link, row } = this.#open(right);
    take(this.#plays, `${link.id} ${address}`);
    const { flow, settings } = await readLinked(store, link);
    const { ticket, trace } = await previews.make(askerOf(link), row.id, { draft: { flow, settings } });
    // It was revoked meanwhile.
    if (!store.links.find(link.id)) {
      previews.check();
      throw over();
    }
    return { preview: trace.preview, ticket };
  }

  /**
   * Comments on a message of the reader's conversation: a note on its step, in the draft as it is now.
   * @param seq the message; undefined: the bot's last one
   * @throws Refusal `link-over`, `not-found` (the conversation), `too-many-comments`, `too-many-requests`
   */
  async comment(
    right: string,
    said: {
      readonly preview: string;
      readonly seq: number | undefined;
      readonly author: string;
      readonly text: string;
    },
    address: string,
  ): Promise<SharedComment> {
    const { store, flows, previews, now } = this.options;
    const { link, row } = this.#open(right);
    const asker = askerOf(link);
    const { messages } = previews.look(asker, row.id, said.preview);
    const about =
      said.seq === undefined ? messages.findLast(({ mine }) => !mine) : messages.find(({ seq }) => seq === said.seq);
    if (said.seq !== undefined && !about) throw new Refusal("not-found", "This message is not there any more.");
    take(this.#comments, `${link.id} ${address}`);
    take(this.#linkComments, link.id);
    const author = guest(said.author);
    const words = about?.state === undefined ? "" : previews.wordsOf(asker, row.id, said.preview, about.state);
    const at = new Date(now()).toISOString();
    const comment = { about: firstUnits(words, ABOUT_LENGTH), author, text: said.text, at };
    const note: Note = {
      id: newId(),
      text: said.text,
      author,
      at,
      ...(about?.state === undefined ? {} : { state: about.state }),
    };
    await flows.addNote(row.id, note, { name: author }, () => {
      // In the transaction: as many at once are no more than that, and one of a link that was just revoked is none.
      if (!store.links.find(link.id)) throw over();
      if (store.links.countComments(link.id) >= MAX_COMMENTS) {
        throw new Refusal("too-many-comments", `This link has ${MAX_COMMENTS} comments already, and takes no more.`);
      }
      store.links.addComment(link.id, comment);
    });
    return comment;
  }

  /** Keeps the reader's conversation for who made the link. @throws Refusal as `comment`, `too-large` */
  send(
    right: string,
    { preview, author }: { readonly preview: string; readonly author: string },
    address: string,
  ): void {
    const { store, previews, now } = this.options;
    const { link, row } = this.#open(right);
    const { inputs, at: shown } = previews.look(askerOf(link), row.id, preview);
    take(this.#comments, `${link.id} ${address}`);
    const given = inputs.slice(0, shown);
    if (jsonBytes(given) > MAX_SENT_BYTES) throw new Refusal("too-large", "This conversation is too long to be sent.");
    store.transaction(() => {
      const sent = store.links.sent(link.flow);
      if (sent.length >= MAX_SENT_OF_FLOW || sent.filter((one) => one.link === link.id).length >= MAX_SENT) {
        throw new Refusal("too-many-comments", "So many conversations were sent already that no more are taken.");
      }
      const kept = { author: guest(author), inputs: JSON.stringify(given), answers: given.length, at: now() };
      store.links.addSent(link, kept);
    });
  }

  /** @throws Refusal `link-over`: unknown, expired, revoked, or of a flow that was put away */
  #open(right: string): Opened {
    const { store } = this.options;
    const link = store.links.use(right);
    const row = link && store.flows.byKey(link.flow);
    if (!link || !row) throw over();
    return { link, row };
  }

  #isThere(link: LinkRow, row: FlowRow, preview: string): boolean {
    try {
      this.options.previews.look(askerOf(link), row.id, preview);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }
}

/** Readers of one link are told apart by the ids of their previews, which nobody guesses. */
export const askerOf = ({ id }: Pick<LinkRow, "id">): Asker => ({ owner: `link ${id}`, tab: undefined, guest: true });

/** The name that a reader gave himself, so that nobody takes him for one of the people here. */
const guest = (name: string): string => `${name.replace(/\s+/g, " ").trim() || "Somebody"} (guest)`;

const over = (): Refusal =>
  new Refusal("link-over", "This link has expired or was taken back. Ask who sent it to you for a new one.");

/** @throws Refusal `too-many-requests` */
function take(throttle: Throttle, key: string): void {
  const wait = throttle.take(key);
  if (wait === 0) return;
  const retryAfter = Math.ceil(wait / 1000);
  throw new Refusal("too-many-requests", `Too much at once. Try again in ${retryAfter} s.`, { retryAfter });
}
