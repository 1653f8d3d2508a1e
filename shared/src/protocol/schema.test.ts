import { Ajv, type ValidateFunction } from "ajv";
import type { Static } from "typebox";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Message, ResponseMessage } from "../message.js";
import { type FRAMES, FRAMES_SCHEMA_ID, FramesSchema } from "./schema.js";
import type { ClientFrame, ServerFrame } from "./v1.js";

/** Types of frames are read-only and those of schemas are not; nothing else may differ. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends object ? Writable<T[Key]> : T[Key] };
type Frame<Name extends keyof typeof FRAMES> = Writable<Static<(typeof FRAMES)[Name]>>;

const ajv = new Ajv({ strict: false }).addSchema(JSON.parse(JSON.stringify(FramesSchema)));
const of = (name: keyof typeof FRAMES): ValidateFunction => ajv.getSchema(`${FRAMES_SCHEMA_ID}#/$defs/${name}`)!;

const answer = { kind: "ChoiceResponse", groupId: "lang", itemId: "go" };
const question = { kind: "ChoiceRequest", groupId: "lang", question: "?", choices: [{ itemId: "go", content: "Go" }] };

describe("the schemas of frames", () => {
  it("[W1] [W2] are the types, each of which takes the other's values", () => {
    expectTypeOf<Frame<"bareServer">>().toExtend<Writable<Message>>();
    expectTypeOf<Writable<Message>>().toExtend<Frame<"bareServer">>();
    expectTypeOf<Frame<"bareClient">>().toExtend<Writable<ResponseMessage>>();
    expectTypeOf<Writable<ResponseMessage>>().toExtend<Frame<"bareClient">>();
    expectTypeOf<Frame<"v1Client">>().toExtend<Writable<ClientFrame>>();
    expectTypeOf<Writable<ClientFrame>>().toExtend<Frame<"v1Client">>();
    expectTypeOf<Frame<"v1Server">>().toExtend<Writable<ServerFrame>>();
    expectTypeOf<Writable<ServerFrame>>().toExtend<Frame<"v1Server">>();
  });

  it.each([
    ["bareServer", question],
    ["bareServer", { ...answer, content: "Go" }],
    ["bareClient", { kind: "ResetSession" }],
    ["v1Client", { kind: "Hello", after: { seq: 2, id: "b.s.1.0.2" } }],
    ["v1Client", { kind: "Send", id: "m1", re: 2, message: answer }],
    ["v1Client", { kind: "SetVariables", id: "m2", values: { name: "Ada" } }],
    ["v1Server", { kind: "Message", seq: 1, at: "2026-01-01T00:00:00.000Z", id: "b.s.1.0.1", message: question }],
    ["v1Server", { kind: "Nack", id: "", code: "rate-limited", retryAfter: 1000 }],
    ["v1Server", { kind: "Turn", of: "m1", ended: false, more: "a field of a later version" }],
  ] as const)("[W1] [W2] %s takes %j", (name, frame) => {
    expect(of(name)(frame)).toBe(true);
  });

  it.each([
    ["bareClient", question],
    ["bareClient", { ...answer, itemId: undefined }],
    ["v1Client", { kind: "Send", id: "no spaces", message: answer }],
    ["v1Client", { kind: "Send", id: "m1", message: question }],
    ["v1Client", { kind: "SetVariables", id: "m2", values: { n: 1 } }],
    ["v1Server", { kind: "Message", seq: 0, at: "", id: "x", message: question }],
    ["v1Server", { kind: "Refused", id: "m1", code: "whatever" }],
  ] as const)("[W1] [W2] %s refuses %j", (name, frame) => {
    expect(of(name)(JSON.parse(JSON.stringify(frame)))).toBe(false);
  });
});
