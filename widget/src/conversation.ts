import type { ResponseMessage } from "@parley/shared/message";
import { hideSecrets } from "@parley/shared/protocol/secrets";
import type { Appearance } from "@parley/shared/protocol/v1";
import { readLook } from "./appearance.js";
import { Connection, type Status } from "./connection.js";
import { askIdentity } from "./identity.js";
import { storageKey } from "./memory.js";
import type { Inner, MountOptions } from "./mounting.js";
import { Newness } from "./newness.js";
import type { Identity } from "./options.js";
import { Pace } from "./pace.js";
import { listenToPage } from "./page-events.js";
import { PAGE, type Ports } from "./page-ports.js";
import { countInTitle } from "./page-title.js";
import { answerOf } from "./said-by-page.js";
import { STRINGS, stringsFrom } from "./strings.js";
import { EMPTY, reduce, type Transcript, type TranscriptEvent } from "./transcript.js";
import { Typing } from "./typing.js";
import { stillness, View } from "./view.js";
import { viewState } from "./view-state.js";

/** How long nothing is read out after a conversation was drawn anew, in ms. */
const SILENT = 300;

/** Draws a conversation and holds it. It connects when it is opened; in a place of its own on the page, at once. */
export function mount(mounted: MountOptions, ports: Ports = PAGE): Inner {
  const { host, root, mode, options, words = STRINGS } = mounted;
  const { flow, server } = options;
  const floating = mode === "bubble" || mode === "popup";
  const key = storageKey(server, flow);
  const store = ports.store(key);
  let transcript: Transcript = store.outbox.reduce<Transcript>((t, send) => reduce(t, { kind: "sent", send }), EMPTY);
  let status: Status = mounted.refused ? "closed" : "offline";
  let look = readLook({}, options, server);
  let appearance = "";
  let started = !floating;
  /** Messages since it was closed. */
  let unseen = 0;
  const newness = new Newness();
  /** After a `Resync`: drawn at once when all of it is there, so that what stays the same stays in place. */
  let held = false;
  let replayed: number | undefined;
  /** How to get a signed identity, asked once for each that the page gives. */
  let identity = mounted.identity;
  /** What the page says for the visitor before the conversation is there. */
  let saidEarly: string[] = [];

  const emit = mounted.emit ?? ((type: string, detail: object = {}) => void host.dispatchEvent(custom(type, detail)));
  const error = (code: string, message: string) => emit("error", { code, message });

  const view = new View(
    { root, frame: mounted.frame ?? root, mode, server, debug: mounted.debug },
    look,
    stringsFrom(words, options.strings),
    {
      choose: (question, choice) => {
        const { groupId, seq } = question;
        say({ kind: "ChoiceResponse", groupId, itemId: choice.itemId, content: choice.content }, seq);
      },
      text: (content) => {
        const chat = transcript.chats.at(-1);
        if (chat) say({ kind: "UserText", sessionId: chat.sessionId, content }, chat.seq);
      },
      typing: () => {
        // A person is there once he has come, or types himself.
        if ((transcript.person ?? typing.by) !== undefined && typing.tells()) connection.typing();
      },
      retry: (id) => {
        const failed = transcript.outgoing.find(({ send }) => send.id === id);
        take({ kind: "withdrawn", id });
        if (failed) say(failed.send.message, failed.send.re);
      },
      startOver: () => startOver(),
      close: () => close(),
      acted: () => pace.hurry(transcript),
    },
  );
  const speed = () => (stillness() ? "off" : look.pace);
  const pace = new Pace(ports, speed, () => draw());
  const typing = new Typing(ports, () => draw());
  const connection = new Connection(`${server.replace(/^http/, "ws")}/chat/${encodeURIComponent(flow)}`, store, ports, {
    status: (now) => {
      status = now;
      held = held && now === "connected";
      draw();
    },
    frame: (frame) => take(frame),
    after: () => transcript.last,
    page: () => `${location.origin}${location.pathname}`,
    forgotten: () => {
      forget();
      // Who does not look at it begins a fresh conversation when he does.
      started = !floating || !view.panel.hidden;
      if (!started) connection.close();
    },
    error,
    ...(options.debug && {
      trace: (direction, text) => view.trace(`${direction === "in" ? "<" : ">"} ${hideSecrets(text)}`),
    }),
  });

  function say(message: ResponseMessage, re?: number): void {
    const send = connection.send(message, re);
    pace.hurry(transcript);
    take({ kind: "sent", send });
    view.log.toEnd();
  }

  function take(event: TranscriptEvent): void {
    const before = transcript;
    transcript = reduce(transcript, event);
    if (transcript.gap) {
      // Something between is missing (another tab started over, or the log was trimmed): all is read again.
      transcript = reduce(transcript, { kind: "forget" });
      newness.again();
      connection.reconnect();
      return;
    }
    if (event.kind === "Welcome") {
      dress(event.flow.appearance);
      // Of another conversation than the one that was shown: it is told by a new `ready`.
      if (before.sid !== undefined && before.sid !== event.sid) newness.forget();
      // What this server's session does not wait for any more: of another session, or sent by another tab meanwhile.
      const waiting = new Set(store.outbox.map(({ id }) => id));
      for (const { send, state } of transcript.outgoing) {
        if (state === "sending" && !waiting.has(send.id))
          transcript = reduce(transcript, { kind: "withdrawn", id: send.id });
      }
    }
    if (event.kind === "Resync") {
      held = true;
      stopReplay();
      // Whether something is to be read out is asked after it was drawn.
      replayed = ports.setTimeout(() => {
        replayed = undefined;
        draw();
      }, SILENT);
    }
    if ((transcript.last?.seq ?? 0) >= transcript.latest) held = false;
    typing.update(transcript.owed.length > 0);
    if (event.kind === "Typing") typing.person(event.by);
    else if (event.kind === "Message" && event.by) typing.person();
    draw();
    const { replaying } = newness;
    for (const [type, detail] of newness.after(event, before, transcript)) {
      emit(type, detail ?? { flow });
      if (type === "message" && floating && view.panel.hidden) countInTitle(++unseen);
    }
    // A live region is one before something comes into it that is to be read out.
    if (replaying !== newness.replaying) draw();
    if (event.kind === "Turn") sayEarly();
  }

  function stopReplay(): void {
    if (replayed !== undefined) ports.clearTimeout(replayed);
    replayed = undefined;
  }

  function dress(value: Appearance): void {
    const text = JSON.stringify(value);
    if (text === appearance) return;
    appearance = text;
    look = readLook(value, options, server);
    mounted.dress?.(look);
    view.appearance(look, stringsFrom(words, value.strings, options.strings));
  }

  function draw(): void {
    if (held) return;
    pace.update(transcript);
    view.update(
      viewState(transcript, {
        status,
        refused: mounted.refused === true,
        kept: store.token !== undefined,
        shown: pace.shown,
        busy: pace.busy,
        slow: typing.seen,
        by: typing.by,
        replay: replayed !== undefined || newness.replaying,
      }),
    );
  }

  /** Nothing of what was shown is this visitor's any more. */
  function forget(): void {
    typing.stop();
    pace.hurry(EMPTY);
    transcript = EMPTY;
    newness.forget();
    held = false;
    saidEarly = [];
    draw();
  }

  function startOver(): void {
    started = true;
    if (status === "closed") {
      transcript = EMPTY;
      connection.reconnect();
      return;
    }
    // What was not taken yet belongs to the conversation that is given up.
    for (const { send } of transcript.outgoing) {
      store.remove(send.id);
      take({ kind: "withdrawn", id: send.id });
    }
    // Without a session there is nothing to start over: connecting begins one.
    if (store.token !== undefined) say({ kind: "ResetSession" });
    resume();
  }

  /** Connects, as who the page says is here. */
  function resume(): void {
    if (!started || status === "closed") return;
    const who = identity;
    if (typeof who !== "function") {
      if (who !== undefined) connection.identify(who);
      identity = undefined;
      return connection.open();
    }
    void askIdentity(who).then((answer) => {
      // Another one was given meanwhile, or the visitor signed out: that goes on by itself.
      if (identity !== who) return;
      identity = answer.jwt;
      if (answer.failed !== undefined) error("not-identified", answer.failed);
      resume();
    });
  }

  function identify(who: Identity): void {
    identity = who;
    resume();
  }

  function reset(): void {
    identity = undefined;
    connection.signOut();
    forget();
    if (status === "closed") return;
    status = "offline";
    // Who looks at it sees a fresh conversation; who does not begins one when he opens it.
    started = !floating || !view.panel.hidden;
    if (started) connection.open();
    else draw();
  }

  function send(text: string): void {
    saidEarly.push(text);
    started = true;
    sayEarly();
    resume();
  }

  /** Says what the page said, once the conversation is there to take it. */
  function sayEarly(): void {
    if (!newness.settled || transcript.owed.length > 0) return;
    const text = saidEarly.shift();
    if (text === undefined) return;
    const answer = answerOf(transcript, text);
    if (answer) say(answer.message, answer.re);
    else error("nothing-open", "Nothing is open that this could answer.");
  }

  function open(focus: boolean): void {
    started = true;
    const wasHidden = view.panel.hidden;
    view.open(focus);
    seen();
    resume();
    if (wasHidden) emit("open", { flow });
  }

  /** What was said is seen now. */
  function seen(): void {
    if (unseen) countInTitle(0);
    unseen = 0;
  }

  function close(): void {
    if (!floating || view.panel.hidden) return;
    view.close();
    emit("close", { flow });
  }

  const stopListening = listenToPage({
    resume,
    pause: () => connection.close(),
    doubt: () => connection.check(),
    stored: (changed) => {
      if (changed === key || changed === null) connection.stored();
    },
    fit: () => view.fit(),
  });
  connection.setVariables(mounted.variables ?? {});
  draw();
  resume();

  return {
    open,
    close,
    reset,
    send,
    setVariables: (values) => connection.setVariables(values),
    identify,
    raise: () => view.raise(),
    destroy: () => {
      seen();
      connection.close();
      stopReplay();
      pace.stop();
      typing.stop();
      stopListening();
      view.panel.remove();
    },
  };
}

const custom = (type: string, detail: object): CustomEvent =>
  new CustomEvent(`parley:${type}`, { bubbles: true, composed: true, detail });
