/** Faults in the functions of the chat application itself, where the other tests of this folder use those of a fixture. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { listMessages, newRoom } from '../../kit/rooms.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

useRuntime({ faults: true, settings: { DYNAMODB_ENDPOINT: undefined } });
let ann: TestUser;
let room: { room_id: string; room_name: string };

beforeAll(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
});
afterEach(() => faults('DELETE'));

const faults = (method: string, body?: object) => call(method, '/_local/faults', { body });
const rules = async (): Promise<any[]> => (await faults('GET')).body.rules;
const open = (): Promise<ChatSocket> => ChatSocket.inRoom(room.room_name, ann.access);

const storedUnder = async (clientId: string): Promise<any[]> =>
  (await listMessages(ann, room, '?limit=100')).filter((message) => message.client_id === clientId);

describe('the chat application', () => {
  it('stores a message once even when its function is killed at any database call', async () => {
    const socket = await open();
    const send = (message: string, clientId: string): void => socket.send({ message, client_id: clientId });
    const failures = (): number =>
      socket.events.filter(({ message }) => message === 'Internal server error').length;

    await faults('POST', {
      point: 'database',
      action: 'fail',
      probability: 0,
      match: { function: 'message' },
    });
    send('counted', 'counted');
    await socket.next(like('ack', { client_id: 'counted' }));
    const [{ matched: calls }] = await rules();
    expect(calls).toBeGreaterThan(2);

    for (const phase of ['before', 'after']) {
      for (let nth = 1; nth <= calls; nth += 1) {
        const clientId = `killed-${phase}-${nth}`;
        await faults('DELETE');
        const match = { function: 'message', phase, nth };
        await faults('POST', { point: 'database', action: 'kill', count: 1, match });
        const failuresBefore = failures();
        send('once', clientId);
        await eventually(async () => expect(await rules()).toMatchObject([{ fired: 1 }]));
        // Passes the answer, so that an acknowledgement only counts after it.
        await socket.next(({ message }) => message === 'Internal server error');
        expect(failures()).toBe(failuresBefore + 1);
        send('once', clientId);
        await socket.next(like('ack', { client_id: clientId }));
        expect(await storedUnder(clientId)).toHaveLength(1);
      }
    }
    await socket.close();
  });

  it('sends a message to the other sockets when the post to one of them fails', async () => {
    const sockets = await Promise.all([open(), open(), open()]);
    await faults('POST', {
      point: 'connections',
      action: 'fail',
      status: 410,
      match: { contains: 'to all', function: 'message' },
      count: 1,
    });
    sockets[0].send({ message: 'to all' });
    const receiverCount = () =>
      sockets.filter(({ events }) => events.some(({ message }) => message === 'to all')).length;
    await eventually(() => expect(receiverCount()).toBe(2));
    for (const socket of sockets) socket.socket.terminate();
  });
});
