import { CLOSE } from "@parley/shared/protocol/close-codes";
import { type SignOut, SUBPROTOCOL } from "@parley/shared/protocol/v1";
import type { ConnectionPorts } from "./connection.js";

/** Nobody has the token any more, so what fails after so many tries is not lost. */
const TRIES = 5;
const FIRST_WAIT = 500;

/**
 * Voids a token on the server: on a socket of its own, because the one that was used may be gone, or on its way. Tries
 * again until the server has answered.
 */
export function voidToken(url: string, token: string, ports: ConnectionPorts, tried = 0): void {
  if (tried >= TRIES) return;
  const frame: SignOut = { kind: "SignOut", token };
  try {
    const socket = ports.connect(url, SUBPROTOCOL);
    socket.onopen = () => socket.send(JSON.stringify(frame));
    socket.onclose = ({ code }) => {
      if (code === CLOSE.voided) return;
      ports.setTimeout(() => voidToken(url, token, ports, tried + 1), FIRST_WAIT * 2 ** tried);
    };
  } catch {
    // The page's policy: then there was no session either.
  }
}
