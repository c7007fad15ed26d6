/**
 * The same load through the project's own typed client: it sends from its outbox, comes back and catches up by itself.
 * What it shows its users is what is handed to the checker.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createChatClient, type OutboxEntry } from '../../../client/index.ts';
import type { Acknowledgement, Sent, View } from '../checker.ts';
import type { Person, RoomView } from './people.ts';
import type { ChatEvent } from './plain-client.ts';

export interface TypedClient extends View {
  readonly person: Person;
  readonly sent: readonly Sent[];
  readonly acknowledgements: readonly Acknowledgement[];
  entered: Promise<void>;
  /** Puts it into the outbox and waits until it has left it; false when that takes longer, or it was refused. */
  send(content: string, patienceMs?: number): Promise<boolean>;
  /** Waits until it shows the messages with these seqs; false when it does not in time. */
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
    if (!(await until(() => opened.status === 'live', 30_000))) throw new Error('the room was not opened');
  }

  /** Those that the server has. */
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
      // Asks how far the room is, instead of waiting for the next heartbeat.
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
