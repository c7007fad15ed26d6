/** Sends random, mostly invalid frames and handshakes; each must get a documented answer, and the socket stays open. */
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { frameCodes } from '../../../shared/contract/errors.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';
import { newFixture, newFixtureUsers, type Fixture } from '../http/fixture.ts';
import { ChatSocket, HandshakeRefused, like, type ChatEvent } from '../../kit/chat-socket.ts';
import { anyValue, hostileText, textOf, valuesFor, type Pool } from './arbitraries.ts';
import { patience, runs } from './fuzzed-runtime.ts';

let fixture: Fixture;
let pool: Pool;

/** Describes the fault of a frame of the server; undefined for a valid event that reports no internal error. */
function faultsOf(event: ChatEvent): string[] {
  const schema = Object.hasOwn(events, event.type) ? events[event.type as keyof typeof events] : undefined;
  if (schema?.safeParse(event).success !== true) return [`not of the contract: ${JSON.stringify(event)}`];
  if (event.type === 'close') return [`closed: ${JSON.stringify(event)}`];
  const isServersFault = event.type === 'error' && event['code'] === frameCodes.try_again.code;
  return isServersFault ? [`the server's fault: ${JSON.stringify(event)}`] : [];
}

const sockets: Record<string, () => Promise<ChatSocket>> = {
  'a socket of one room': () => ChatSocket.inRoom(fixture.room.room_name, fixture.owner.access),
  'a socket of many rooms': async () => {
    const socket = await ChatSocket.open('/ws/', { token: fixture.owner.access });
    await socket.next('ready');
    socket.send({ type: 'join', room: fixture.room.room_name });
    await socket.next('history_end');
    return socket;
  },
};

/** Sends the frames and then one that must be answered, and describes what went wrong. */
async function faultsAfter(socket: ChatSocket, frames: string[]): Promise<string[]> {
  const from = socket.events.length;
  for (const frame of frames) socket.send(frame);
  socket.send({ type: 'read', message_id: 'x', ref: 'the last word' });
  await socket.next(like('error', { ref: 'the last word' }));
  await socket.upToPong();
  return socket.events.slice(from).flatMap(faultsOf);
}

const fits = (text: string): boolean => Buffer.byteLength(text) < 32 * 1024;

const rows = Object.entries(commands).flatMap(([name, schema]) =>
  Object.keys(sockets).map((kind) => ({ name, schema, kind })),
);

/** The allowed statuses, including 431 of the gateway for a URL that is too long. */
const refusals = [400, 401, 403, 404, 409, 429, 431];

export function fuzzWebSocket(): void {
  beforeAll(async () => {
    fixture = await newFixture(await newFixtureUsers());
    const { room, message, owner, stranger } = fixture;
    pool = {
      room_id: [room.room_id],
      room: [room.room_name, room.room_id, 'fresh-room'],
      message_id: [message.message_id],
      content: ['hi', ' hi '],
      message: ['hi'],
      client_id: ['c-1', 'c-2'],
      ref: ['r'],
      token: [owner.access, owner.refresh, stranger.access],
      ticket: ['t'],
      after: ['0', '9007199254740991'],
      history: ['0', '100'],
      batch: ['1'],
    };
  });

  test.each(rows)(
    '$name on $kind is answered whatever its fields hold',
    patience,
    async ({ schema, kind }) => {
      const socket = await sockets[kind]!();
      const frames = fc.array(valuesFor(schema, pool).chain(textOf).filter(fits), {
        minLength: 10,
        maxLength: 10,
      });
      await fc.assert(
        fc.asyncProperty(frames, async (some) => {
          expect(await faultsAfter(socket, some)).toEqual([]);
        }),
        runs(3),
      );
      await socket.close();
    },
  );

  test('a frame of any other kind is answered', patience, async () => {
    const socket = await sockets['a socket of one room']!();
    const type = fc.oneof(hostileText, fc.constantFrom(...Object.keys(commands)));
    const frame = fc.oneof(
      anyValue.chain(textOf),
      fc.tuple(type, anyValue).map(([type, more]) => JSON.stringify({ ...(more as object), type })),
      fc.tuple(anyValue).map(([message]) => JSON.stringify({ message })),
      fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.toWellFormed()),
    );
    const frames = fc.array(frame.filter(fits), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(frames, async (some) => {
        expect(await faultsAfter(socket, some)).toEqual([]);
      }),
      runs(5),
    );
    await socket.close();
  });

  test('a handshake of any kind succeeds or is refused with a documented status', patience, async () => {
    const query = valuesFor(HandshakeQuery, pool).map((values) =>
      Object.entries(values as object)
        .map(
          ([name, value]) =>
            `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(String(value).toWellFormed())}`,
        )
        .join('&'),
    );
    const headers = fc.constantFrom<Record<string, string>>(
      { authorization: `Bearer ${fixture.owner.access}` },
      { authorization: `Bearer ${fixture.stranger.access}` },
      { authorization: `Bearer ${fixture.owner.refresh}` },
      { authorization: 'Basic eDp5' },
      { authorization: '', origin: 'null' },
      {},
    );
    const room = fc.oneof(fc.constantFrom(fixture.room.room_name, fixture.room.room_id), hostileText);
    const path = room.map((text) => `/ws/chat/${encodeURIComponent(text.toWellFormed())}/`);
    const places = fc.oneof(path, fc.constantFrom('/ws/', '/ws/chat/'));
    await fc.assert(
      fc.asyncProperty(places, query, headers, async (place, text, more) => {
        const opened = await ChatSocket.open(`${place}?${text}`, { headers: more }).catch(
          (error: unknown) => error,
        );
        const status = opened instanceof HandshakeRefused ? opened.status : 101;
        expect(opened instanceof ChatSocket ? [101] : refusals).toContain(status);
        if (opened instanceof ChatSocket) await opened.close();
      }),
      runs(40),
    );
  });
}
