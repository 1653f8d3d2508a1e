import type { StoredPicture } from "@parley/shared/api/pictures";
import type { Note, NoteList, SavedReply, SavedReplyList } from "@parley/shared/api/support";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryLog } from "../log/memory.js";
import type { Runtime } from "../runtime.js";
import { type } from "../testing/clients.js";
import { eventually } from "../testing/eventually.js";
import { gif, png } from "../testing/sample-pictures.js";
import { FLOWS, serve } from "../testing/server.js";
import { everyRole, type Identity, send, signIn, token } from "../testing/studio.js";
import { enter, say } from "../testing/survey.js";

const FLOW = "bot-assistant";
let runtime: Runtime;
let roles: Awaited<ReturnType<typeof everyRole>>;

beforeAll(async () => {
  runtime = await serve(createMemoryLog({ partitions: 1 }), {
    argv: [`${FLOWS}${FLOW}.json`, `${FLOWS}feedback-survey.json`],
  });
  roles = await everyRole(runtime);
});
afterAll(() => runtime.drain());

async function ask<T>(who: Identity, method: string, path: string, body?: unknown, status = 200): Promise<T> {
  const answer = await send(runtime.url, method, `/api/${path}`, { headers: who, ...(body !== undefined && { body }) });
  expect(answer.status, answer.text).toBe(status);
  return (answer.json ?? answer.text) as T;
}

describe("saved replies", () => {
  it("are everybody's who answers: for all flows or for one, by title", async () => {
    const { operator, editor, viewer } = roles;
    const everywhere = await ask<SavedReply>(operator, "POST", "replies", { title: " zebra ", text: "z" }, 201);
    const here = await ask<SavedReply>(editor, "POST", "replies", { title: "Ant", text: "a\nb", flow: FLOW }, 201);
    const there = { title: "Bee", text: "b", flow: "feedback-survey" };
    await ask(operator, "POST", "replies", there, 201);
    const titles = async (query = "", who: Identity = operator) =>
      (await ask<SavedReplyList>(who, "GET", `replies${query}`)).replies.map(({ title }) => title);
    expect(await titles()).toEqual(["Ant", "Bee", "zebra"]);
    expect(await titles(`?flow=${FLOW}`)).toEqual(["Ant", "zebra"]);
    const other = token(runtime, ["conversations:answer"], [FLOW]).identity;
    expect(await titles("", other)).toEqual(["Ant", "zebra"]);
    await ask(viewer, "GET", "replies", undefined, 403);

    const changed = await ask<SavedReply>(operator, "PUT", `replies/${here.id}`, { title: "Ape", text: "c" });
    expect(changed).toEqual({ id: here.id, title: "Ape", text: "c", by: "person:the operator", at: changed.at });
    await ask(editor, "DELETE", `replies/${everywhere.id}`, undefined, 204);
    expect(await titles("?flow=none")).toEqual(["Ape"]);
    await ask(operator, "PUT", `replies/${everywhere.id}`, { title: "x", text: "x" }, 404);
    await ask(operator, "POST", "replies", { title: "x", text: "x", flow: "none" }, 404);
    await ask(operator, "POST", "replies", { title: "  ", text: "x" }, 422);
  });
});

describe("notes", () => {
  it("are seen by people and by no visitor, stay out of files unless asked for, and go with the session", async () => {
    const { operator, editor, owner, viewer } = roles;
    const guest = await enter(runtime, FLOW);
    const { sid } = guest.welcome;
    const at = `flows/${FLOW}/conversations/${sid}`;
    const note = await ask<Note>(operator, "POST", `${at}/notes`, { text: "=Wants a *refund*" });
    expect(note).toMatchObject({ by: "person:the operator", conversation: sid, text: "=Wants a *refund*" });
    const { act } = await ask<{ act: string }>(operator, "POST", `${at}/deeds`, {
      ...{ kind: "Takeover", id: "a", name: "x" },
    });
    await say(guest, type("operator", "Hello"));
    await ask(operator, "POST", `${at}/deeds`, { kind: "GiveBack", id: "b", after: act });
    expect(JSON.stringify(guest.all)).not.toContain("refund");
    expect(await ask(operator, "GET", at)).not.toHaveProperty("notes");
    await ask(viewer, "GET", `${at}/notes`, undefined, 403);

    await ask(editor, "DELETE", `${at}/notes/${note.id}`, undefined, 403);
    const mine = await ask<Note>(editor, "POST", `${at}/notes`, { text: "mine" });
    await ask(editor, "DELETE", `${at}/notes/${mine.id}`, undefined, 204);
    expect((await ask<NoteList>(editor, "GET", `${at}/notes`)).notes).toEqual([note]);
    // Of another flow, or another of the visitor's conversations, there is none.
    for (const path of [at.replace(FLOW, "feedback-survey"), `${at}-2`]) {
      await ask(operator, "GET", `${path}/notes`, undefined, 404);
      await ask(operator, "POST", `${path}/notes`, { text: "x" }, 404);
    }

    const file = (format: string, more = "") =>
      ask<unknown>(operator, "GET", `flows/${FLOW}/export/conversations?conversation=${sid}&format=${format}${more}`);
    await eventually(async () => expect(JSON.stringify(await file("json"))).toContain("Hello"));
    for (const format of ["json", "csv", "text"]) {
      expect(JSON.stringify(await file(format))).not.toContain("refund");
    }
    expect(await file("json", "&notes=yes")).toMatchObject([
      { notes: [{ at: note.at, by: note.by, text: note.text }] },
    ]);
    expect(await file("csv", "&notes=yes")).toContain(",Note,'=Wants a *refund*\r\n");
    expect(await file("text", "&notes=yes")).toContain("Note:    =Wants a *refund*\n");

    await ask(owner, "DELETE", at);
    await ask(operator, "GET", `${at}/notes`, undefined, 404);
    expect(runtime.studio.notes.of(sid)).toEqual([]);
  });
});

describe("a name for visitors", () => {
  it("is what they see in place of the account's, whatever the client sends", async () => {
    const person = { id: "ada", name: "Ada Lovelace", role: "operator", password: null, created: 0 } as const;
    runtime.studio.people.add(person);
    const ada = await signIn(runtime, "ada");
    expect(await ask(ada, "PUT", "profile", { name: "Ada from support" })).toEqual({ name: "Ada from support" });
    expect(await ask(ada, "GET", "session")).toMatchObject({ me: { name: "Ada Lovelace", shown: "Ada from support" } });
    for (const bad of ["", " x", "a\u202Eb", "<b>", "x".repeat(65)])
      await ask(ada, "PUT", "profile", { name: bad }, 422);
    const seen = async () => {
      const guest = await enter(runtime, FLOW);
      const path = `flows/${FLOW}/conversations/${guest.welcome.sid}/deeds`;
      return ask(ada, "POST", path, { kind: "Takeover", id: "a", name: "The Queen" });
    };
    expect(await seen()).toMatchObject({ holder: { by: "person:Ada Lovelace", name: "Ada from support" } });
    await ask(ada, "PUT", "profile", {});
    expect(await seen()).toMatchObject({ holder: { name: "Ada Lovelace" } });
    await ask(token(runtime, ["conversations:answer"]).identity, "PUT", "profile", {}, 403);
  });
});

describe("a picture for visitors", () => {
  it("is one that the server has, and beside the name of whoever takes over or is given the conversation", async () => {
    const { owner, operator } = roles;
    const upload = async (who: Identity, bytes: Buffer, status = 200) =>
      ask<StoredPicture>(who, "POST", "profile/pictures", { data: bytes.toString("base64") }, status);
    const { name: mine } = await upload(operator, png());
    const { name: hers } = await upload(owner, gif());
    expect(runtime.studio.pictures.get(mine)).toMatchObject({ flow: null, by: "person:the operator" });
    await upload(operator, Buffer.from("<svg/>"), 422);
    await upload(token(runtime, ["conversations:answer"]).identity, png(), 403);
    const profile = { name: "Op", picture: mine };
    expect(await ask(operator, "PUT", "profile", profile)).toEqual(profile);
    expect(await ask(operator, "GET", "session")).toMatchObject({ me: { shown: "Op", picture: mine } });
    const none = `${"0".repeat(64)}.png`;
    const refused = await ask(operator, "PUT", "profile", { picture: none }, 422);
    expect(refused).toMatchObject({ code: "invalid", errors: [{ pointer: "/picture" }] });
    for (const bad of ["", `/assets/${mine}`, `../${mine}`, mine.toUpperCase()])
      await ask(operator, "PUT", "profile", { picture: bad }, 422);
    expect(await ask(operator, "GET", "session")).toMatchObject({ me: { picture: mine } });
    await ask(owner, "PUT", "profile", { picture: hers });

    const guest = await enter(runtime, FLOW);
    const { sid } = guest.welcome;
    const path = `flows/${FLOW}/conversations/${sid}/deeds`;
    const take = { kind: "Takeover", id: "a", name: "x" };
    await ask(operator, "POST", path, { ...take, picture: hers }, 422);
    const { act } = await ask<{ act: string }>(operator, "POST", path, take);
    await ask(operator, "POST", path, { kind: "Say", id: "b", act, text: "Hello" });
    const { id: to } = (await ask<{ me: { id: string } }>(owner, "GET", "session")).me;
    const passed = await ask<{ act: string }>(operator, "POST", path, { kind: "Assign", id: "c", after: act, to });
    await ask(owner, "POST", path, { kind: "Say", id: "d", act: passed.act, text: "Hi" });
    await ask(owner, "POST", path, { kind: "GiveBack", id: "e", after: passed.act });
    const frames = () => guest.all.filter((frame) => frame.kind === "Message");
    await eventually(() => expect(JSON.stringify(frames())).toContain("EndChatSession"));
    const seen = frames().flatMap(({ message, by, picture }) =>
      by === undefined ? [] : [[message.kind, by, picture]],
    );
    expect(seen).toEqual([
      ["StartChatSession", "Op", mine],
      ["BotText", "Op", mine],
      ["BotText", "the owner", hers],
      ["EndChatSession", "the owner", hers],
    ]);
    for (const frame of frames()) if (frame.by === undefined) expect(frame).not.toHaveProperty("picture");
    await ask(operator, "PUT", "profile", {});
    expect(await ask(operator, "GET", "session")).not.toHaveProperty("me.picture");
  });
});
