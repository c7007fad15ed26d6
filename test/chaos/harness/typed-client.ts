/**
 * Drives the project's typed client, which sends from its outbox, reconnects and catches up. The checker compares its
 * view.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createChatClient, type OutboxEntry } from '../../../client/src/index.ts';
import type { Acknowledgement, Sent, View } from '../checker.ts';
import type { Person, RoomView } from './people.ts';
import type { ChatEvent } from './plain-client.ts';

export interface TypedClient extends View {
  readonly person: Person;
  readonly sent: readonly Sent[];
  readonly acknowledgements: readonly Acknowledgement[];
  entered: Promise<void>;
  /**
   * Sends a message and waits until it has left the outbox. Returns false after `patienceMs`, or when it is refused.
   */
  send(content: string, patienceMs?: number): Promise<boolean>;
  /** Waits until the client shows the messages with these seqs. Returns false after `timeoutMs`. */
  shows(seqs: readonly number[], timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

export function typedClient({
  url,
  person,
  room,
}: {
  url: string;
  person: Person;
  room: RoomView;
}): TypedClient {
  const waiting = new Map<string, OutboxEntry>();
  const sent: Sent[] = [];
  const client = createChatClient({
    url,
    WebSocket,
    outbox: {
      list: () => [...waiting.values()],
      put: (entry) => void waiting.set(entry.client_id, entry),
      remove: (clientId) => void waiting.delete(clientId),
    },
  });
  const opened = client.room(room.room_name);

  async function enter(): Promise<void> {
    await client.signIn(person.username, person.password);
    client.connect();
    if (!(await until(() => opened.status === 'live', 30_000))) throw new Error('The room was not opened');
  }

  /** The messages that the server has acknowledged. */
  const stored = () =>
    opened.messages.flatMap(({ seq, message_id: messageId, ...rest }) =>
      seq === null || messageId === null ? [] : [{ seq, messageId, ...rest }],
    );

  return {
    person,
    sent,
    since: 0,
    onlyMessages: true,
    entered: enter(),
    get seen() {
      return new Map(
        stored().map((message): [number, ChatEvent] => [
          message.seq,
          { type: 'chat_message', sender_id: message.sender_id, message: message.content },
        ]),
      );
    },
    get acknowledgements() {
      const own = new Set(sent.map(({ clientId }) => clientId));
      return stored()
        .filter(
          ({ sender_id, client_id }) =>
            sender_id === person.id && own.has(client_id) && !waiting.has(client_id!),
        )
        .map(({ client_id: clientId, seq, messageId }) => ({
          userId: person.id,
          clientId,
          seq,
          messageId,
          duplicate: false,
        }));
    },
    async send(content, patienceMs = 60_000) {
      const clientId = opened.send(content).split('/').at(-1)!;
      sent.push({ userId: person.id, content, clientId });
      const isOver = (): boolean => waiting.get(clientId)?.problem !== undefined || !waiting.has(clientId);
      return (await until(isOver, patienceMs)) && !waiting.has(clientId);
    },
    async shows(seqs, timeoutMs) {
      // Learns the head at once, and not at the next heartbeat.
      client.reconnectNow();
      return until(() => {
        const shown = new Set(stored().map(({ seq }) => seq));
        return seqs.every((seq) => shown.has(seq));
      }, timeoutMs);
    },
    stop() {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

async function until(isDone: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (isDone()) return true;
    if (Date.now() >= deadline) return false;
    await delay(20);
  }
}
