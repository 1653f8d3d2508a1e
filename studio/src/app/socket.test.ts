import { describe, expect, it } from "vitest";
import { openSocket, type SocketNews } from "./socket.js";

type Port = Parameters<typeof openSocket>[0]["connect"] extends (...given: never) => infer P ? P : never;

function setUp() {
  const ports: (Port & { sent: string[] })[] = [];
  const timers: { run: () => void; ms: number; off: boolean }[] = [];
  const news: SocketNews[] = [];
  let signedOut = 0;
  const socket = openSocket({
    connect: () => {
      const sent: string[] = [];
      const port = { sent, readyState: 0, send: (frame: string) => sent.push(frame), close: () => {} };
      ports.push(Object.assign(port, { onopen: null, onmessage: null, onclose: null }) as never);
      return ports.at(-1)!;
    },
    timer: (run, ms) => {
      const timer = { run, ms, off: false };
      timers.push(timer);
      return () => {
        timer.off = true;
      };
    },
    random: () => 0.5,
    signedOut: () => {
      signedOut += 1;
    },
  });
  socket.listen((item) => news.push(item));
  const open = (port: Port) => {
    Object.assign(port, { readyState: 1 });
    port.onopen?.call(port as never, {} as never);
  };
  const say = (port: Port, data: unknown) => port.onmessage?.call(port as never, { data } as never);
  const end = (port: Port, code: number) => {
    Object.assign(port, { readyState: 3 });
    port.onclose?.call(port as never, { code } as never);
  };
  const due = () => timers.filter(({ off }) => !off).at(-1)!;
  return { socket, ports, news, open, say, end, due, timers, signedOut: () => signedOut };
}

describe("the studio's socket", () => {
  it("knows its tab once it is welcomed, and says so before the frame", () => {
    const { socket, ports, news, open, say } = setUp();
    open(ports[0]!);
    expect(socket.tab()).toBeUndefined();
    say(ports[0]!, '{"kind":"Welcome","tab":"t1"}');
    expect(socket.tab()).toBe("t1");
    expect(news.map(({ kind }) => kind)).toEqual(["Opened", "Welcome"]);
  });

  it("says again where one looks after it came back, once for the same", () => {
    const { socket, ports, open, end, due } = setUp();
    socket.look("a", "s1");
    open(ports[0]!);
    socket.look("a", "s1");
    expect(ports[0]!.sent).toEqual(['{"kind":"Look","flow":"a","step":"s1"}']);
    end(ports[0]!, 1006);
    due().run();
    open(ports[1]!);
    expect(ports[1]!.sent).toEqual(ports[0]!.sent);
    socket.look();
    expect(ports[1]!.sent.at(-1)).toBe('{"kind":"Look"}');
  });

  it("says that one types once, and not again after it came back", () => {
    const { socket, ports, open, end, due } = setUp();
    socket.typing();
    open(ports[0]!);
    socket.typing();
    expect(ports[0]!.sent).toEqual(['{"kind":"Typing"}']);
    end(ports[0]!, 1006);
    due().run();
    open(ports[1]!);
    expect(ports[1]!.sent).toEqual([]);
  });

  it("waits longer each time it fails, and not after it was welcomed", () => {
    const { ports, open, say, end, due } = setUp();
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      end(ports[i]!, 1006);
      waits.push(due().ms);
      due().run();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    open(ports[7]!);
    say(ports[7]!, '{"kind":"Welcome","tab":"t"}');
    end(ports[7]!, 1012);
    expect(due().ms).toBe(500);
  });

  it("does not come back when the session is over, when it was wrong, or when it was closed here", () => {
    const over = setUp();
    over.end(over.ports[0]!, 4401);
    expect([over.signedOut(), over.timers.length]).toEqual([1, 0]);
    const wrong = setUp();
    wrong.end(wrong.ports[0]!, 4400);
    expect([wrong.signedOut(), wrong.timers.length]).toEqual([0, 0]);
    const left = setUp();
    left.socket.close();
    left.end(left.ports[0]!, 1000);
    expect(left.timers.length).toBe(0);
  });

  it("passes over what is no frame", () => {
    const { ports, news, open, say } = setUp();
    open(ports[0]!);
    for (const data of ["{", "null", "3", "{}", new ArrayBuffer(1)]) say(ports[0]!, data);
    expect(news).toEqual([]);
  });
});
