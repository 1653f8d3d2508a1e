import type { Socket } from "../connection.js";

/** A socket in the hands of a test: what was sent over it, and what the server says. */
export class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: { kind: string; [key: string]: unknown }[] = [];
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  opens() {
    this.onopen?.call(this as never, {} as Event);
  }
  drops(code = 1006, reason = "") {
    this.onclose?.call(this as never, { code, reason } as CloseEvent);
  }
  says(frame: unknown) {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.onmessage?.call(this as never, { data } as MessageEvent);
  }
}
