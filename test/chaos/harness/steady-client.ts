/**
 * A client that does what the protocol asks of one, on top of the plain client: it comes back after a break, asks
 * for what it missed, and repeats a send under the same `client_id` until it is answered. It keeps the record that
 * the checker reads.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Acknowledgement, Sent, View } from '../checker.ts';
import { request, type Person, type RoomView } from './people.ts';
import { plainClient, type ChatEvent, type PlainClient } from './plain-client.ts';

export interface SteadyClientOptions {
  url: string;
  webSocketUrl: string;
  person: Person;
  room: RoomView;
  /** Added to the query of each opening, such as `batch=1`. */
  query?: string;
  /** Milliseconds between two pings. */
  pingEveryMs?: number;
}

export interface SteadyClient extends View {
  readonly person: Person;
  readonly plain: PlainClient;
  readonly sent: readonly Sent[];
  /** All that came, repeats included. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** Up to here nothing is missing, as far as it was told. */
  readonly known: number;
  /** How often it came back, asked for entries, and sent something again. */
  readonly efforts: { openings: number; requests: number; repeats: number };
  /** Settles once it is in the room for the first time. */
  entered: Promise<void>;
  /** Repeats it until it is acknowledged; false when it was given up after `timeoutMs`, or refused for good. */
  send(message: Sending, timeoutMs?: number): Promise<boolean>;
  /** Sends it once, without a `client_id`; what comes of it is in the record. */
  sendOnce(content: string): void;
  /** Waits until it knows everything up to that seq; false when it does not in time. */
  knows(seq: number, timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

export interface Sending {
  content: string;
  clientId: string;
  over: 'socket' | 'http';
}

/** As long as a function may take, so that a slow machine does not make repeats of its own. */
const answerMs = 5_000;
/** Asked again when it brought nothing further for so long. */
const historyMs = 2_500;
/** What others wrote at the same time may come in another order. */
const patienceMs = 300;
const maxPatienceMs = 4_000;
const pageSize = 100;
/** Where posts fail often, a short answer comes to its end sooner than a long one. */
const minPage = 5;

export function steadyClient(options: SteadyClientOptions): SteadyClient {
  const { url, webSocketUrl, person, room, query = '', pingEveryMs = 3_000 } = options;
  const plain = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
  const seen = new Map<number, ChatEvent>();
  const sent: Sent[] = [];
  const acknowledgements: Acknowledgement[] = [];
  const efforts = { openings: 0, requests: 0, repeats: 0 };
  let known = 0;
  let head = 0;
  let cursor = 0;
  /** When the history asked for last is given up, or what it left open is asked for again; 0 when nothing is. */
  let askAgainAt = 0;
  /** By the seq after which entries were asked for, the fewest that were. */
  const asked = new Map<number, number>();
  let isAnswered = true;
  /** Halved for each answer that broke off, doubled for each that came to its end. */
  let page = pageSize;
  /** Answers in a row that brought nothing further. */
  let idleAnswers = 0;
  let nextPingAt = 0;
  const stopping = new AbortController();
  let hasEntered = false;
  let resolveEntered: () => void;
  const entered = new Promise<void>((resolve) => (resolveEntered = resolve));

  function take(event: ChatEvent): void {
    if (event['room_id'] === room.room_id && typeof event['seq'] === 'number') takeSeq(event, event['seq']);
    if (event.type === 'pong') head = Math.max(head, event['heads'][room.room_id] ?? 0);
    if (event.type !== 'history_end') return;
    const askedFrom = event['first_seq'] === null ? known : event['first_seq'] - 1;
    // A number within the page that somebody may still store under ends what is known, whatever follows it.
    const upTo = event['has_more'] === true ? Math.min(endOfPage(askedFrom), event['head']) : event['head'];
    known = Math.max(known, upTo);
    extend();
    // Its entries came before it, and have taken what is known along with them.
    const isFurther = known > askedFrom;
    isAnswered = true;
    head = Math.max(head, known);
    // What is left is a number that somebody may still store under: asking often would bring all behind it again.
    idleAnswers = isFurther ? 0 : idleAnswers + 1;
    const pauseMs = Math.min(maxPatienceMs, patienceMs * 2 ** idleAnswers);
    askAgainAt = Date.now() + (event['has_more'] === true && isFurther ? 0 : pauseMs);
    page = Math.min(pageSize, 2 * page);
    hasEntered = true;
    resolveEntered();
  }

  function takeSeq(event: ChatEvent, seq: number): void {
    if (event.type === 'ack') {
      const { client_id: clientId, message_id: messageId, duplicate } = event;
      acknowledgements.push({ userId: person.id, clientId, seq, messageId, duplicate });
      return;
    }
    seen.set(seq, event);
    head = Math.max(head, seq);
    const before = known;
    extend();
    // Something of the answer: the rest is on its way.
    if (known > before && !isAnswered) askAgainAt = Math.max(askAgainAt, Date.now() + historyMs);
  }

  function extend(): void {
    while (seen.has(known + 1)) known += 1;
  }

  /**
   * A full page holds the first entries after the seq that it names. Live ones that came in between lie further on, so
   * it reaches at least up to the one that is known as the last of so many, of the fewest that were asked for.
   */
  function endOfPage(after: number): number {
    const limit = asked.get(after);
    if (limit === undefined) return known;
    const behind = [...seen.keys()].filter((seq) => seq > after).sort((a, b) => a - b);
    return behind[limit - 1] ?? known;
  }

  /** The query or command that asks for what comes after all that is known. */
  function question(): { after: number; limit: number } {
    if (!isAnswered) page = Math.max(minPage, Math.floor(page / 2));
    isAnswered = false;
    asked.set(known, Math.min(page, asked.get(known) ?? page));
    return { after: known, limit: page };
  }

  async function open(): Promise<void> {
    efforts.openings += 1;
    askAgainAt = Date.now() + historyMs;
    try {
      const { after, limit } = question();
      await plain.open([`after=${after}&history=${limit}`, query].filter((part) => part !== '').join('&'));
      nextPingAt = Date.now() + pingEveryMs;
    } catch {
      // Refused or cut off by a fault: the next round tries again.
      await delay(100);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (!plain.isOpen) await open();
      await plain.find(() => true, { from: cursor, timeoutMs: 100 });
      for (; cursor < plain.record.length; cursor += 1) take(plain.record[cursor]!.event);
      const now = Date.now();
      if (now >= nextPingAt) {
        nextPingAt = now + pingEveryMs;
        plain.send({ type: 'ping' });
      }
      // Before its first `history_end` a client keeps asking: entries without one do not say that it is in the room.
      if (known >= head && hasEntered) askAgainAt = 0;
      else if (askAgainAt === 0) askAgainAt = now + patienceMs;
      else if (now >= askAgainAt) {
        askAgainAt = now + historyMs;
        efforts.requests += 1;
        plain.send({ type: 'history', ...question() });
      }
    }
  }

  const running = run();

  async function overSocket({ content, clientId }: Sending): Promise<'done' | 'again' | 'refused'> {
    const answer = await plain.ask(
      { type: 'message', content, client_id: clientId },
      (event) =>
        (event.type === 'ack' && event['client_id'] === clientId) ||
        (event.type === 'error' && event['ref'] === clientId) ||
        // What the gateway says when the function died, without saying on which frame.
        event['message'] === 'Internal server error',
      answerMs,
    );
    if (answer?.type === 'ack') return 'done';
    if (answer?.['retryable'] === false) return 'refused';
    // Nothing to wait for when the socket is gone, but the time it takes to come back.
    await delay(answer?.['retry_after_ms'] ?? 50);
    return 'again';
  }

  async function overHttp({ content, clientId }: Sending): Promise<'done' | 'again' | 'refused'> {
    const path = `/chat/rooms/${room.room_id}/messages/`;
    const body = { content, client_id: clientId };
    const answer = await request(url, 'POST', path, { access: person.access, body }).catch(() => undefined);
    if (answer?.status === 201 || answer?.status === 200) {
      const { seq, message_id: messageId } = answer.body;
      const duplicate = answer.status === 200;
      acknowledgements.push({ userId: person.id, clientId, seq, messageId, duplicate });
      return 'done';
    }
    await delay(50);
    const isRefused = answer !== undefined && answer.status < 500 && answer.status !== 429;
    return isRefused ? 'refused' : 'again';
  }

  return {
    person,
    plain,
    seen,
    sent,
    acknowledgements,
    since: 0,
    efforts,
    entered,
    get known() {
      return known;
    },
    async send(message, timeoutMs = 45_000) {
      const until = Date.now() + timeoutMs;
      sent.push({ userId: person.id, content: message.content, clientId: message.clientId });
      while (Date.now() < until && !stopping.signal.aborted) {
        const outcome = await (message.over === 'http' ? overHttp(message) : overSocket(message));
        if (outcome !== 'again') return outcome === 'done';
        efforts.repeats += 1;
      }
      return false;
    },
    sendOnce(content) {
      sent.push({ userId: person.id, content });
      plain.send({ message: content });
    },
    async knows(seq, timeoutMs) {
      const until = Date.now() + timeoutMs;
      for (let looks = 0; ; looks += 1) {
        if (known >= seq) return true;
        if (Date.now() >= until) return false;
        // That there is more it must learn from the server.
        if (looks % 20 === 0) nextPingAt = 0;
        await delay(50);
      }
    },
    async stop() {
      stopping.abort();
      await running;
      await plain.close();
    },
  };
}
