import type { Role, TOKEN_SCOPES } from "@parley/shared/api/access";
import { png } from "./sample-pictures.js";

/**
 * Who may do what, written here once more by hand: the contract is not asked. `open`: anybody. `persons`: whoever has a
 * session. Else the roles that may, and the scope by which a token may.
 */
export type Rule = {
  readonly who: "open" | "persons" | readonly Role[];
  readonly scope?: (typeof TOKEN_SCOPES)[number];
  /** Status of an allowed request, and what it sends. `new`: the request makes something. */
  readonly status: number;
  readonly body?: (cell: Cell) => unknown;
  readonly headers?: (cell: Cell) => Record<string, string>;
};
export type Cell = {
  readonly flow: string;
  readonly draft: string;
  readonly test: string;
  readonly link: string;
  /** The right of a draft link of that flow. */
  readonly shared: string;
};

export const ALL: readonly Role[] = ["owner", "editor", "operator", "viewer"];
const WRITERS: readonly Role[] = ["owner", "editor"];
const OWNER: readonly Role[] = ["owner"];
const conversations = { who: ["owner", "editor", "operator"], scope: "conversations:read", status: 200 } as const;
const answer = { ...conversations, scope: "conversations:answer" } as const;
const read = { who: ALL, scope: "flows:read", status: 200 } as const;
const write = { who: WRITERS, scope: "flows:write", status: 200 } as const;
const DRAFT = { flow: { a: { sendRequest: { kind: "BotText", content: "x" } } }, layout: {}, settings: {} };

const NO_PREVIEW = "0".repeat(16);
const PREVIEWED = { flow: DRAFT.flow, settings: {} };

export const TABLE: Readonly<Record<string, Rule>> = {
  "GET /api/openapi.json": { who: "open", status: 200 },
  "GET /api/session": { who: "open", status: 200 },
  "POST /api/session": { who: "open", status: 201, body: ({ link }) => ({ secret: link }) },
  "DELETE /api/session": { who: "persons", status: 204 },
  "GET /api/socket": { who: "persons", status: 426 },
  "GET /api/flows": read,
  "POST /api/flows": { ...write, status: 201, body: () => ({ from: { kind: "blank" } }) },
  "GET /api/templates": read,
  "POST /api/templates/{template}/previews": { ...read, status: 201 },
  // Another's is not there, also for an owner.
  "DELETE /api/templates/{template}/previews/{preview}": { ...read, status: 404 },
  "GET /api/flows/{flow}": read,
  "PATCH /api/flows/{flow}": { ...write, body: () => ({ title: "Other" }) },
  "POST /api/flows/{flow}/duplicate": { ...write, status: 201, body: () => ({}) },
  "POST /api/flows/{flow}/archive": write,
  "POST /api/flows/{flow}/restore": write,
  "GET /api/flows/{flow}/file": read,
  "GET /api/flows/{flow}/draft": read,
  "PUT /api/flows/{flow}/draft": { ...write, body: () => DRAFT, headers: ({ draft }) => ({ "if-match": draft }) },
  "GET /api/flows/{flow}/draft/states": read,
  "GET /api/flows/{flow}/draft/states/{state}": read,
  "GET /api/flows/{flow}/tests": read,
  "GET /api/flows/{flow}/tests/{test}": read,
  "PUT /api/flows/{flow}/tests/{test}": {
    ...write,
    body: () => ({ steps: [] }),
    headers: ({ test }) => ({ "if-match": test }),
  },
  "DELETE /api/flows/{flow}/tests/{test}": { ...write, status: 204, headers: ({ test }) => ({ "if-match": test }) },
  "GET /api/flows/{flow}/pictures": read,
  "POST /api/flows/{flow}/pictures": { ...write, body: () => ({ data: png().toString("base64") }) },
  "POST /api/flows/{flow}/previews": { ...read, status: 201, body: () => ({ draft: PREVIEWED }) },
  // Another's preview is not there, also for an owner: who made it is in previews.test.ts.
  "PUT /api/flows/{flow}/previews/{preview}": { ...read, status: 404, body: () => ({ draft: PREVIEWED }) },
  "DELETE /api/flows/{flow}/previews/{preview}": { ...read, status: 404 },
  // Made by people: a token makes no links.
  "GET /api/flows/{flow}/links": write,
  "POST /api/flows/{flow}/links": { who: WRITERS, status: 201, body: () => ({ follows: true, drawing: true }) },
  "DELETE /api/flows/{flow}/links/{link}": { ...write, status: 204 },
  "GET /api/flows/{flow}/sent/{sent}": write,
  "DELETE /api/flows/{flow}/sent/{sent}": { ...write, status: 204 },
  "POST /api/shared": { who: "open", status: 200, body: ({ shared }) => ({ link: shared }) },
  "POST /api/shared/previews": { who: "open", status: 200, body: ({ shared }) => ({ link: shared }) },
  // A conversation that nobody has begun; what readers may is in links.test.ts.
  "POST /api/shared/comments": {
    who: "open",
    status: 404,
    body: ({ shared }) => ({ link: shared, preview: NO_PREVIEW, author: "", text: "x" }),
  },
  "POST /api/shared/conversations": {
    who: "open",
    status: 404,
    body: ({ shared }) => ({ link: shared, preview: NO_PREVIEW, author: "" }),
  },
  "GET /api/flows/{flow}/versions": read,
  "GET /api/flows/{flow}/versions/{version}": read,
  "GET /api/visitors": read,
  "GET /api/flows/{flow}/running": read,
  "GET /api/flows/{flow}/refused-origins": read,
  "POST /api/flows/{flow}/versions": {
    ...write,
    body: ({ flow }) => ({ from: { kind: "file", text: JSON.stringify(DRAFT.flow) }, over: 0, note: flow }),
  },
  // Nothing is live in a flow made for one request.
  "POST /api/flows/{flow}/unpublish": { ...write, status: 409, body: () => ({ over: 1 }) },
  "POST /api/flows/{flow}/what-if": { ...conversations, body: () => ({ days: 1 }) },
  // The flow made for one request was never published: there is nothing to play.
  "GET /api/flows/{flow}/what-if/{conversation}": { ...conversations, status: 404 },
  "GET /api/conversations": conversations,
  "GET /api/flows/{flow}/conversations/{conversation}": conversations,
  "GET /api/flows/{flow}/conversations/{conversation}/diagnosis": conversations,
  // An act that nobody has done: it is judged, and has no effect.
  "POST /api/flows/{flow}/conversations/{conversation}/deeds": {
    ...answer,
    body: () => ({ kind: "GiveBack", id: "x", after: "o.none" }),
  },
  "GET /api/flows/{flow}/conversations/{conversation}/same-person": conversations,
  "GET /api/flows/{flow}/conversations/{conversation}/notes": conversations,
  "POST /api/flows/{flow}/conversations/{conversation}/notes": { ...answer, body: () => ({ text: "x" }) },
  "DELETE /api/flows/{flow}/conversations/{conversation}/notes/{note}": { ...answer, status: 404 },
  "GET /api/replies": answer,
  "POST /api/replies": { ...answer, status: 201, body: () => ({ title: "t", text: "x" }) },
  "PUT /api/replies/{reply}": { ...answer, body: () => ({ title: "t", text: "x" }) },
  "DELETE /api/replies/{reply}": { ...answer, status: 204 },
  "PUT /api/profile": { who: "persons", status: 200, body: () => ({}) },
  "POST /api/profile/pictures": { who: "persons", status: 200, body: () => ({ data: png().toString("base64") }) },
  "DELETE /api/flows/{flow}/conversations/{conversation}": { who: OWNER, scope: "conversations:erase", status: 200 },
  "GET /api/flows/{flow}/erasures": conversations,
  "GET /api/flows/{flow}/answers": conversations,
  "GET /api/flows/{flow}/export/answers": conversations,
  "GET /api/flows/{flow}/export/conversations": conversations,
  "GET /api/flows/{flow}/counts": read,
  "GET /api/inbox": { ...conversations, scope: "conversations:answer" },
  "GET /api/figures": { ...conversations, scope: "conversations:answer" },
  "GET /api/export/figures": { ...conversations, scope: "conversations:answer" },
  // A token is nobody who could be there.
  "PUT /api/availability": { who: conversations.who, status: 200, body: () => ({ available: true }) },
  "GET /api/queues": { ...conversations, scope: "conversations:answer" },
  "POST /api/queues": {
    who: OWNER,
    status: 201,
    body: ({ flow }) => ({ name: `More ${flow}`, zone: "UTC", members: [] }),
  },
  "PUT /api/queues/{queue}": {
    who: OWNER,
    status: 200,
    body: ({ flow }) => ({ name: flow, zone: "UTC", members: [] }),
  },
  "DELETE /api/queues/{queue}": { who: OWNER, status: 204 },
  "GET /api/users": { who: OWNER, status: 200 },
  "POST /api/users": {
    who: OWNER,
    status: 201,
    body: ({ flow }) => ({ name: `Person ${flow}`, role: "viewer", password: "long enough it is" }),
  },
  "PATCH /api/users/{user}": { who: OWNER, status: 200, body: () => ({ role: "editor" }) },
  "DELETE /api/users/{user}": { who: OWNER, status: 204 },
  "GET /api/tokens": { who: OWNER, status: 200 },
  "POST /api/tokens": { who: OWNER, status: 201, body: () => ({ name: "t", scopes: ["flows:read"], days: 1 }) },
  "DELETE /api/tokens/{token}": { who: OWNER, status: 204 },
  "GET /api/webhooks": { who: OWNER, status: 200 },
  "POST /api/webhooks": { who: OWNER, status: 201, body: () => ({ url: "https://hooks.example/parley" }) },
  "PATCH /api/webhooks/{webhook}": { who: OWNER, status: 200, body: () => ({ texts: true }) },
  "DELETE /api/webhooks/{webhook}": { who: OWNER, status: 204 },
  "POST /api/webhooks/{webhook}/test": { who: OWNER, status: 200 },
  "GET /api/webhooks/{webhook}/deliveries": { who: OWNER, status: 200 },
};

/** What is answered outside `/api`, open to all; `/metrics` has a token of its own. */
export const PAGES = [
  "GET /assets/{name}",
  "GET /c/{flow}",
  "GET /healthz",
  "GET /readyz",
  "GET /metrics",
  "GET /preview",
  "GET /preview/preview.js",
  "GET /studio{/*path}",
  "GET /shared",
  "GET /widget.js",
  "GET /widget.json",
  "GET /widget/v1/{flow}.json",
  "GET /schema/flow-1.json",
  "GET /schema/settings-1.json",
  "GET /schema/frames-1.json",
  "GET /schema/layout-1.json",
  "GET /schema/scenario-1.json",
  "GET /demo/flows.json",
  "GET /",
];

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];
/** Addresses that mean the same to some servers, and nothing here. */
export const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path.replace("/api", "/API"),
  (path) => path.replace("/api", "/Api"),
  (path) => `/api${path.slice(4).toUpperCase()}`,
  (path) => `/${path}`,
  (path) => path.replace("/api/", "/api//"),
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => path.replace("/api/", "/api%2f"),
  (path) => path.replace("/api/", "/%2fapi/"),
  (path) => path.replace(/\/([^/]*)$/, "%2F$1"),
  (path) => path.replace("/api", "/%61pi"),
  (path) => path.replace("/api", "/api/..;"),
  (path) => path.replace("/api", "/x/..;/api"),
  (path) => path.replace("/api", "/studio/../api"),
  (path) => path.replace("/api/", "/api/./"),
  (path) => path.replace("/api/", "/api/;x/"),
  (path) => path.replace("/api/", "/api;x/"),
  (path) => path.replaceAll("/", "\\").replace("\\", "/"),
  (path) => `${path}%00`,
  (path) => `${path}%20`,
  (path) => `${path}.json`,
  (path) => `${path}%`,
];
