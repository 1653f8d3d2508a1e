import type { Answer, Body, PathParameter, Query, Route } from "@parley/shared/api/contract";
import type { Entered } from "./gate.js";

/** What a route's handler is given: everything is read and checked, and who asks may. */
export type Context<R extends Route> = Entered & {
  readonly path: Readonly<Record<PathParameter<R>, string>>;
  readonly query: Query<R>;
  readonly body: Body<R>;
  /** The ETags of `If-Match`; empty when it is not there. */
  readonly match: readonly string[];
  /** `If-None-Match: *`: only what is not there yet. */
  readonly onlyNew: boolean;
  /** The studio's tab, for the notice of what it saved. */
  readonly author: { readonly name: string; readonly tab?: string };
  /** The client's address, as limits count it. */
  readonly address: string;
};

/** JSON text that is already there: it is not parsed and written again. */
export type Raw = { readonly raw: string };
/** Text that is made while it is sent. */
export type Streamed = { readonly stream: AsyncIterable<string>; readonly type: string };
export type Reply<R extends Route> = {
  readonly body?: Answer<R> | Raw | Streamed;
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Handler<R extends Route> = (context: Context<R>) => Reply<R> | Promise<Reply<R>>;
/** A handler for every route of the contract: a missing one is a type error. */
export type Handlers = { readonly [R in Route]: Handler<R> };
