/** The ways to authenticate a handshake, and their precedence. */
import { randomBytes } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, type HandshakeRefused } from '../../kit/chat-socket.ts';
import { call, chatUrl } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

async function newTicket({ access }: TestUser, room?: string): Promise<string> {
  const answer = await call('POST', '/chat/ws-ticket/', {
    token: access,
    body: room === undefined ? {} : { room },
  });
  expect(answer).toMatchObject({ status: 200, body: { expires_in: 30 } });
  return answer.body.ticket;
}

const whoIs = async (socket: ChatSocket) => (await socket.next('ready'))['user'].id as string;
const somewhere = () => `/ws/chat/${uniqueName('room')}/`;

test('a ticket is accepted as a subprotocol, and the server selects chat.v1', async () => {
  const ticket = await newTicket(ann);
  const socket = await ChatSocket.open(somewhere(), { protocols: ['chat.v1', `ticket.${ticket}`] });
  expect(socket.socket.protocol).toBe('chat.v1');
  expect(await whoIs(socket)).toBe(ann.id);
});

test('the order of the offered subprotocols does not matter', async () => {
  const ticket = await newTicket(ann);
  const socket = await ChatSocket.open(somewhere(), { protocols: [`ticket.${ticket}`, 'chat.v1'] });
  expect(socket.socket.protocol).toBe('chat.v1');
});

test('chat.v1 is selected when it is offered together with a token', async () => {
  const socket = await ChatSocket.open(somewhere(), { token: ann.access, protocols: ['chat.v1'] });
  expect(socket.socket.protocol).toBe('chat.v1');
});

test('a ticket is accepted in the query, with a room and without one', async () => {
  const inRoom = await ChatSocket.open(`${somewhere()}?ticket=${await newTicket(ann)}`);
  const roomless = await ChatSocket.open(`/ws/chat/?ticket=${await newTicket(ann)}`);
  expect(await whoIs(inRoom)).toBe(ann.id);
  expect(await whoIs(roomless)).toBe(ann.id);
});

test('a ticket that was requested for a room opens it', async () => {
  const room = uniqueName('room');
  const ticket = await newTicket(ann, room);
  const socket = await ChatSocket.open(`/ws/chat/${room}/?ticket=${ticket}`);
  expect(await whoIs(socket)).toBe(ann.id);
});

test('a ticket is valid once, in the subprotocol or in the query', async () => {
  const ticket = await newTicket(ann);
  await ChatSocket.open(`/ws/chat/?ticket=${ticket}`);
  expect(await ChatSocket.refusal(`/ws/chat/?ticket=${ticket}`)).toBe(401);
  expect(await ChatSocket.refusal('/ws/chat/', { protocols: ['chat.v1', `ticket.${ticket}`] })).toBe(401);
});

test('of many concurrent handshakes with one ticket, one succeeds', async () => {
  const ticket = await newTicket(ann);
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () =>
      ChatSocket.open(`/ws/chat/?ticket=${ticket}`).then(
        () => 101,
        (error: unknown) => (error as HandshakeRefused).status,
      ),
    ),
  );
  expect(outcomes.sort((a, b) => a - b)).toEqual([101, 401, 401, 401, 401, 401]);
});

test('an access token is accepted in the Authorization header', async () => {
  const socket = await ChatSocket.open(somewhere(), { headers: { authorization: `Bearer ${ann.access}` } });
  expect(await whoIs(socket)).toBe(ann.id);
});

test('an access token is accepted in the query, for testing', async () => {
  const socket = await ChatSocket.open(`${somewhere()}?token=${ann.access}`);
  expect(await whoIs(socket)).toBe(ann.id);
});

test('the first credential decides, in the order ticket as subprotocol, ticket in the query, header, token in the query', async () => {
  const [carl, dora] = await Promise.all([newUser('carl'), newUser('dora')]);
  const byProtocol = await ChatSocket.open(`/ws/chat/?ticket=${await newTicket(bob)}&token=${dora.access}`, {
    protocols: ['chat.v1', `ticket.${await newTicket(ann)}`],
    token: carl.access,
  });
  expect(await whoIs(byProtocol)).toBe(ann.id);
  const byQuery = await ChatSocket.open(`/ws/chat/?ticket=${await newTicket(bob)}&token=${dora.access}`, {
    token: carl.access,
  });
  expect(await whoIs(byQuery)).toBe(bob.id);
  const byHeader = await ChatSocket.open(`/ws/chat/?token=${dora.access}`, { token: carl.access });
  expect(await whoIs(byHeader)).toBe(carl.id);
});

test('a valid credential does not make up for an invalid one before it', async () => {
  const good = { token: ann.access };
  expect(await ChatSocket.refusal('/ws/chat/?ticket=nothing', good)).toBe(401);
  expect(await ChatSocket.refusal('/ws/chat/', { ...good, protocols: ['chat.v1', 'ticket.nothing'] })).toBe(
    401,
  );
  expect(await ChatSocket.refusal(`/ws/chat/?token=${ann.access}`, { token: 'nothing' })).toBe(401);
});

describe('headers in several lines', () => {
  /** Returns the status of a handshake and the subprotocol that the server selects. */
  function handshake(
    headers: Record<string, string[]>,
  ): Promise<{ status: number; subprotocol: string | undefined }> {
    return new Promise((resolve, reject) => {
      const asking = request(chatUrl() + somewhere(), {
        agent: false,
        // A flat list of names and values, because Node would merge repeated Authorization headers of an object.
        headers: Object.entries({
          Host: [new URL(chatUrl()).host],
          Connection: ['Upgrade'],
          Upgrade: ['websocket'],
          'Sec-WebSocket-Version': ['13'],
          'Sec-WebSocket-Key': [randomBytes(16).toString('base64')],
          ...headers,
        }).flatMap(([name, lines]) => lines.flatMap((line) => [name, line])),
      });
      const report = ({ statusCode = 0, headers: answered }: IncomingMessage): void =>
        resolve({ status: statusCode, subprotocol: answered['sec-websocket-protocol'] });
      asking.on('upgrade', (response, socket) => {
        socket.destroy();
        report(response);
      });
      asking.on('response', (response) => {
        response.resume();
        report(response);
      });
      asking.on('error', reject);
      asking.end();
    });
  }

  test.each([
    ['the ticket in the first line', (ticket: string) => [ticket, 'chat.v1']],
    ['the ticket in the second line', (ticket: string) => ['chat.v1', ticket]],
    ['a list in each line', (ticket: string) => ['other, chat.v1', `another, ${ticket}`]],
  ])('every line of Sec-WebSocket-Protocol counts: %s', async (_, linesWith) => {
    const lines = linesWith(`ticket.${await newTicket(ann)}`);
    expect(await handshake({ 'Sec-WebSocket-Protocol': lines })).toEqual({
      status: 101,
      subprotocol: 'chat.v1',
    });
  });

  test('two tickets are refused', async () => {
    const tickets = [`ticket.${await newTicket(ann)}`, `ticket.${await newTicket(bob)}`];
    expect(await handshake({ 'Sec-WebSocket-Protocol': ['chat.v1', ...tickets] })).toMatchObject({
      status: 401,
    });
  });

  test('two access tokens are refused, even those of one user', async () => {
    for (const other of [ann, bob]) {
      const lines = [`Bearer ${ann.access}`, `Bearer ${other.access}`];
      expect(await handshake({ Authorization: lines })).toMatchObject({ status: 401 });
    }
  });
});
