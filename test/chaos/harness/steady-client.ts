/**
 * A client that follows the protocol on top of the plain client: it reconnects, requests the entries that it missed,
 * and repeats a send under the same `client_id` until it is answered.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Acknowledgement, Sent } from '../checker.ts';
import { request } from './people.ts';
import { plainClient, type ChatEvent } from './plain-client.ts';
import type { OutgoingMessage, SteadyClient, SteadyClientOptions } from './steady-client-interface.ts';

/** As long as a function may take, so that a slow machine causes no repeats. */
const answerMs = 5_000;

/** A history is requested again when it brings nothing new for this long. */
const historyMs = 2_500;

/** Events of concurrent sends may arrive in another order, so a gap is requested only after this pause. */
const gapPauseMs = 300;

const maxGapPauseMs = 4_000;

const pageSize = 100;

/** Where posts fail often, a short answer is more likely to be complete than a long one. */
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
  /** When the next history is requested, because the last one is late or left something open; 0 when none is needed. */
  let askAgainAtMs = 0;
  /** The smallest limit that was requested, by the seq after which the entries were requested. */
  const asked = new Map<number, number>();
  let isAnswered = true;
  /** Halved after each incomplete answer, doubled after each complete one. */
  let page = pageSize;
  /** Successive answers that brought nothing new. */
  let idleAnswers = 0;
  let nextPingAtMs = 0;
  const stopping = new AbortController();
  let hasEntered = false;
  let resolveEntered: () => void;
  const entered = new Promise<void>((resolve) => (resolveEntered = resolve));

  function take(event: ChatEvent): void {
    if (event['room_id'] === room.room_id && typeof event['seq'] === 'number') takeSeq(event, event['seq']);
    if (event.type === 'pong') head = Math.max(head, event['heads'][room.room_id] ?? 0);
    if (event.type !== 'history_end') return;
    const askedFrom = event['first_seq'] === null ? known : event['first_seq'] - 1;
    // A gap within the page that its writer may still fill ends what is known, whatever follows it.
    const upTo = event['has_more'] === true ? Math.min(endOfPage(askedFrom), event['head']) : event['head'];
    known = Math.max(known, upTo);
    extend();
    // The entries of the answer arrived before it, and have raised `known`.
    const broughtNews = known > askedFrom;
    isAnswered = true;
    head = Math.max(head, known);
    // A gap that its writer may still fill is left: frequent requests would bring all entries after it again.
    idleAnswers = broughtNews ? 0 : idleAnswers + 1;
    const pauseMs = Math.min(maxGapPauseMs, gapPauseMs * 2 ** idleAnswers);
    askAgainAtMs = Date.now() + (event['has_more'] === true && broughtNews ? 0 : pauseMs);
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
    // A part of the answer has arrived, so the rest is expected.
    if (known > before && !isAnswered) askAgainAtMs = Math.max(askAgainAtMs, Date.now() + historyMs);
  }

  function extend(): void {
    while (seen.has(known + 1)) known += 1;
  }

  /**
   * A full page holds the first entries after the requested seq. Live events may have added later entries, so the page
   * reaches at least up to the entry whose position is the smallest limit that was requested.
   */
  function endOfPage(after: number): number {
    const limit = asked.get(after);
    if (limit === undefined) return known;
    const following = [...seen.keys()].filter((seq) => seq > after).sort((a, b) => a - b);
    return following[limit - 1] ?? known;
  }

  /** Returns the parameters of the next request for history. */
  function nextRequest(): { after: number; limit: number } {
    if (!isAnswered) page = Math.max(minPage, Math.floor(page / 2));
    isAnswered = false;
    asked.set(known, Math.min(page, asked.get(known) ?? page));
    return { after: known, limit: page };
  }

  async function open(): Promise<void> {
    efforts.openings += 1;
    askAgainAtMs = Date.now() + historyMs;
    try {
      const { after, limit } = nextRequest();
      await plain.open([`after=${after}&history=${limit}`, query].filter((part) => part !== '').join('&'));
      nextPingAtMs = Date.now() + pingEveryMs;
    } catch {
      // A fault refused or cut the handshake. The next round tries again.
      await delay(100);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (!plain.isOpen) await open();
      await plain.find(() => true, { from: cursor, timeoutMs: 100 });
      for (; cursor < plain.record.length; cursor += 1) take(plain.record[cursor]!.event);
      const now = Date.now();
      if (now >= nextPingAtMs) {
        nextPingAtMs = now + pingEveryMs;
        plain.send({ type: 'ping' });
      }
      // Until the first `history_end` the client keeps requesting: entries alone do not show that it has entered the
      // room.
      if (known >= head && hasEntered) askAgainAtMs = 0;
      else if (askAgainAtMs === 0) askAgainAtMs = now + gapPauseMs;
      else if (now >= askAgainAtMs) {
        askAgainAtMs = now + historyMs;
        efforts.requests += 1;
        plain.send({ type: 'history', ...nextRequest() });
      }
    }
  }

  const running = run();

  async function overSocket({ content, clientId }: OutgoingMessage): Promise<'done' | 'again' | 'refused'> {
    const answer = await plain.ask(
      { type: 'message', content, client_id: clientId },
      (event) =>
        (event.type === 'ack' && event['client_id'] === clientId) ||
        (event.type === 'error' && event['ref'] === clientId) ||
        // API Gateway sends this when the function died, and does not say for which frame.
        event['message'] === 'Internal server error',
      answerMs,
    );
    if (answer?.type === 'ack') return 'done';
    if (answer?.['retryable'] === false) return 'refused';
    // When the socket is gone, this is the time that reconnecting takes.
    await delay(answer?.['retry_after_ms'] ?? 50);
    return 'again';
  }

  async function overHttp({ content, clientId }: OutgoingMessage): Promise<'done' | 'again' | 'refused'> {
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
      for (let polls = 0; ; polls += 1) {
        if (known >= seq) return true;
        if (Date.now() >= until) return false;
        // The pong tells the client whether there are more entries.
        if (polls % 20 === 0) nextPingAtMs = 0;
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
