import { type, V1Client } from "./clients.js";

/** One visitor who comes back whenever he is sent away, and knows what was acknowledged. */
export class Patient {
  readonly acked: string[] = [];
  #client: V1Client | undefined;
  #token: string | undefined;

  /** @param chat the websocket of a flow; another one after the server has started again */
  constructor(public chat: string) {}

  get sid(): string {
    return this.#token!.split(".")[0]!;
  }

  /** Says something, again with the same id where it was said before; whether it was acknowledged. */
  async says(id: string, message: object = type("x", "x".repeat(2_000))): Promise<boolean> {
    try {
      const client = await this.#connected();
      const answer = await client.send(message, { id });
      if (answer.kind === "Ack") this.acked.push(id);
      return answer.kind === "Ack";
    } catch {
      return false;
    }
  }

  async #connected(): Promise<V1Client> {
    if (this.#client !== undefined && !this.#client.closed) return this.#client;
    this.#client = await V1Client.connect(this.chat, this.#token === undefined ? {} : { token: this.#token });
    this.#token = this.#client.welcome.token;
    return this.#client;
  }
}
