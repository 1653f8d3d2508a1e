import type { StreamConfig } from "@nats-io/jetstream";
import { codeOf, type Link, WRONG_LAST_SEQUENCE } from "./link.js";

export type Value = { readonly text: string; readonly revision: number };

/**
 * A bucket of keys and values as NATS tools know it (`nats kv`), with what is needed of one here: a value is put only
 * where its key stands at the revision that its author has seen.
 */
export class Bucket {
  readonly #stream: string;
  readonly #prefix: string;

  constructor(
    private readonly link: Link,
    name: string,
  ) {
    const { name: stream, prefix } = bucketOf(name);
    this.#stream = stream;
    this.#prefix = prefix;
  }

  async get(key: string): Promise<Value | undefined> {
    const query = { last_by_subj: this.#prefix + key };
    const found = await this.link.unlessLost(() => this.link.jsm.streams.getMessage(this.#stream, query));
    return found === null ? undefined : { text: found.string(), revision: found.seq };
  }

  /**
   * @param revision the key's as it was read, 0 where there was none; undefined: whatever it is
   * @returns its new revision; undefined where another came first
   */
  async put(key: string, text: string, revision?: number): Promise<number | undefined> {
    const expect = revision === undefined ? {} : { lastSubjectSequence: revision };
    try {
      const put = () => this.link.js.publish(this.#prefix + key, text, { expect });
      const { seq } = await this.link.unlessLost(put);
      return seq;
    } catch (error) {
      if (codeOf(error) === WRONG_LAST_SEQUENCE) return undefined;
      throw error;
    }
  }

  /** Takes a key out. */
  async remove(key: string): Promise<void> {
    await this.link.unlessLost(() => this.link.jsm.streams.purge(this.#stream, { filter: this.#prefix + key }));
  }

  /** The keys that begin so, without that. */
  async keys(begin: string): Promise<string[]> {
    const prefix = this.#prefix + begin;
    const info = await this.link.unlessLost(() =>
      this.link.jsm.streams.info(this.#stream, { subjects_filter: `${prefix}>` }),
    );
    return Object.keys(info.state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
  }
}

const bucketOf = (name: string) => ({ name: `KV_${name}`, prefix: `$KV.${name}.` });

/** The stream of a bucket. @param age seconds after which a value that was not put again is gone; 0: never */
export function bucketStream(name: string, age: number): Partial<StreamConfig> & { name: string } {
  const { name: stream, prefix } = bucketOf(name);
  return {
    name: stream,
    subjects: [`${prefix}>`],
    max_msgs_per_subject: 1,
    max_age: age * 1e9,
    // No longer than a value lives.
    ...(age > 0 && { duplicate_window: age * 1e9 }),
    allow_rollup_hdrs: true,
    deny_delete: true,
  };
}
