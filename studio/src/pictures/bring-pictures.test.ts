import { expect, it } from "vitest";
import { ApiError, type CallApi } from "../api.js";
import { bringPictures } from "./bring-pictures.js";

const PICTURES = { "a.png": "AAAA", "b.png": "BBBB", "c.png": "CCCC" };

it("each picture that came with a flow is sent under its name; what is refused is said, and the others come all the same", async () => {
  const sent: unknown[] = [];
  const api = (async (_route: string, { body }: { body: { name: string } }) => {
    sent.push(body);
    if (body.name === "b.png") throw new ApiError("problem", "The picture is damaged.", 422, "damaged-picture");
  }) as unknown as CallApi;
  expect(await bringPictures(api, "shop", PICTURES)).toEqual(["The picture is damaged."]);
  expect(sent).toEqual(Object.entries(PICTURES).map(([name, data]) => ({ name, data })));
});

it("where the server takes no more for a while, the rest waits so long", async () => {
  const sent: string[] = [];
  const waited: number[] = [];
  const api = (async (_route: string, { body }: { body: { name: string } }) => {
    sent.push(body.name);
    if (sent.length === 2) throw new ApiError("problem", "Too many.", 429, "too-many-requests", 7);
  }) as unknown as CallApi;
  const wait = async (seconds: number) => void waited.push(seconds);
  expect(await bringPictures(api, "shop", PICTURES, wait)).toEqual([]);
  expect([sent, waited]).toEqual([["a.png", "b.png", "b.png", "c.png"], [7]]);
});
