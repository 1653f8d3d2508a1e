import type { Page } from "@playwright/test";

/** What a visitor does after the bot has spoken: picks an answer, or types a text. */
export type Deed = { readonly pick: string; readonly of: string } | { readonly type: string; readonly into: string };

/**
 * Lets a visitor talk to a flow over a socket of the page, which stays open, as a visitor's tab does.
 * @param page any page of the server
 * @returns the number of the visitor's conversation
 */
export function visit(
  page: Page,
  flow: string,
  deeds: readonly Deed[],
  about: { page?: string } = {},
): Promise<string> {
  return page.evaluate(
    ([flow, deeds, about]) =>
      new Promise<string>((resolve, reject) => {
        const url = new URL(`/chat/${flow}`, location.href);
        url.protocol = url.protocol.replace("http", "ws");
        const socket = new WebSocket(url, "parley.v1");
        let sid = "";
        let done = 0;
        socket.onopen = () => socket.send(JSON.stringify({ kind: "Hello", ...about }));
        socket.onmessage = ({ data }) => {
          const frame = JSON.parse(String(data));
          if (frame.kind === "Welcome") sid = frame.sid;
          if (frame.kind !== "Turn") return;
          const deed = deeds[done++];
          if (deed === undefined) return resolve(sid);
          const message =
            "pick" in deed
              ? { kind: "ChoiceResponse", groupId: deed.of, itemId: deed.pick }
              : { kind: "UserText", sessionId: deed.into, content: deed.type };
          socket.send(JSON.stringify({ kind: "Send", id: `m${done}`, message }));
        };
        socket.onclose = ({ code }) => {
          document.documentElement.dataset.closed = String(code);
          reject(new Error(`closed with ${code}`));
        };
      }),
    [flow, deeds, about] as const,
  );
}
