import { isPictureName, PICTURE_LIMITS, picturesIn } from "@parley/shared/flow/pictures";
import type { PictureRoom } from "../config.js";
import { type Flaw, readPicture } from "../pictures/read-picture.js";
import { sha256 } from "../registry/registry.js";
import type { FlowRow } from "./flow-rows.js";
import type { PictureRow } from "./pictures.js";
import { Refusal } from "./refusal.js";
import type { StudioStore } from "./store.js";

export type ShelfOptions = { readonly store: StudioStore; readonly room: PictureRoom; readonly now: () => number };

/** Takes pictures in: what they are decides their content, and there has to be room for them. */
export class PictureShelf {
  /** Bytes that are being sent: a thousand slow readers of a picture hold it once. */
  readonly #sent = new Map<string, WeakRef<Buffer>>();

  constructor(private readonly options: ShelfOptions) {}

  /**
   * Keeps a picture for a flow, or (without one) for a profile; one that is there already is the same picture.
   * @param called the name that it has elsewhere
   * @throws Refusal `too-large`, `no-picture`, `damaged-picture`, `more-than-a-picture`, `too-many-pixels`,
   * `other-picture`, `no-room`; then nothing is stored
   */
  take(
    bytes: Uint8Array,
    { flow, by, called }: { flow?: FlowRow; by: string; called?: string | undefined },
  ): PictureRow {
    if (bytes.length > PICTURE_LIMITS.bytes) {
      throw new Refusal("too-large", `A picture may have 2 MB; this one has ${megabytes(bytes.length)}.`);
    }
    const found = readPicture(bytes);
    if ("flaw" in found) throw refusalOf(found);
    const { type, width, height } = found;
    const name = `${sha256(bytes)}.${type}`;
    if (called !== undefined && called !== name) {
      throw new Refusal("other-picture", "This is not the picture that its name says: it was changed, or cut short.");
    }
    const { store, now } = this.options;
    return store.transaction(() => {
      const known = store.pictures.get(name);
      if (known) this.#stay(known);
      else {
        this.#makeRoom(bytes.length, flow);
        const { length } = bytes;
        store.pictures.add({ name, bytes: length, width, height, flow: flow?.key ?? null, by, at: now() }, bytes);
      }
      return store.pictures.get(name)!;
    });
  }

  /** The pictures that texts name, and the names of those that are not there. */
  find(texts: readonly string[]): { pictures: PictureRow[]; missing: string[] } {
    const names = [...new Set(texts.flatMap(picturesIn))];
    const rows = names.map((name) => this.options.store.pictures.get(name));
    return { pictures: rows.filter((row) => row !== undefined), missing: names.filter((_name, i) => !rows[i]) };
  }

  /** What is about to be published stays, also where nothing names it for a moment. @returns the names of what is not there */
  hold(texts: readonly string[]): string[] {
    const { pictures, missing } = this.find(texts);
    for (const row of pictures) this.#stay(row);
    return missing;
  }

  /** A picture's bytes, by its name. */
  bytes(name: string): Buffer | undefined {
    const { pictures } = this.options.store;
    if (!isPictureName(name) || !pictures.get(name)) return undefined;
    const held = this.#sent.get(name)?.deref();
    if (held) return held;
    const bytes = pictures.data(name);
    if (bytes) this.#sent.set(name, new WeakRef(bytes));
    return bytes;
  }

  /** How much room is taken, in bytes. */
  room(flow: FlowRow): { flow: { bytes: number; limit: number }; server: { bytes: number; limit: number } } {
    const { store, room } = this.options;
    return {
      flow: { bytes: store.pictures.bytesOf(flow.key), limit: room.flow },
      server: { bytes: store.pictures.totalBytes(), limit: room.server },
    };
  }

  #stay({ name, unused }: PictureRow): void {
    if (unused !== null) this.options.store.pictures.mark(name, this.options.now());
  }

  /** @throws Refusal `no-room` */
  #makeRoom(bytes: number, row: FlowRow | undefined): void {
    const { store, room } = this.options;
    const server = { bytes: store.pictures.totalBytes(), limit: room.server };
    const flow = row ? this.room(row).flow : { bytes: store.pictures.bytesOfProfiles(), limit: room.flow };
    const full = (what: string, limit: number) =>
      new Refusal("no-room", `${what} may have ${megabytes(limit)} of pictures, and there is no room for this one.`);
    if (flow.bytes + bytes > flow.limit) throw full(row ? "A flow" : "All profiles together", flow.limit);
    if (server.bytes + bytes > server.limit) throw full("This server", server.limit);
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 102.4) / 10} MB`;

function refusalOf(flaw: Flaw): Refusal {
  switch (flaw.flaw) {
    case "no-picture":
      return new Refusal("no-picture", "This is no picture that can be shown. Use a PNG, JPEG, GIF or WebP.");
    case "svg":
      return new Refusal("no-picture", "An SVG can hold scripts, so it is not taken. Save it as a PNG.");
    case "damaged":
      return new Refusal("damaged-picture", "The picture is damaged or incomplete. Save it once more and try again.");
    case "more-behind":
      return new Refusal(
        "more-than-a-picture",
        "The file goes on behind the end of the picture. Save it once more with a program for pictures.",
      );
    case "too-many-pixels": {
      const { side, pixels } = PICTURE_LIMITS;
      const most = `${side} on a side and ${pixels / 1e6} million in all`;
      return new Refusal(
        "too-many-pixels",
        `The picture has ${flaw.width} × ${flaw.height} pixels; at most ${most}. Make it smaller.`,
      );
    }
  }
}
