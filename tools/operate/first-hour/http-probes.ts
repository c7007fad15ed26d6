/** The probes over HTTP: preflights of browsers, bodies of DELETE requests, and transactions under each function's role. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { callApi, UnexpectedAnswer } from '../../../functions/canary/chat-api.ts';
import { ChatSocket, HandshakeRefused } from '../../../functions/canary/chat-socket.ts';
import { deleteGuest, registerGuest, signInGuest, uniqueName } from '../guests.ts';
import type { Probe, Subject } from './probe.ts';

/** `fetch` may not set the headers of a preflight, since browsers set them. */
function options(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sending = send(url, { method: 'OPTIONS', headers }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    });
    sending.once('error', reject);
    sending.end();
  });
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export const preflights: Probe = {
  name: 'CORS preflights',
  assumption: 'every method gets 2xx with the CORS headers, also where a route matches OPTIONS',
  async run({ addresses, origin }) {
    const seen: string[] = [];
    let isAsAssumed = true;
    for (const path of ['/users/auth/profile/', '/chat/rooms/mine/', '/health/']) {
      for (const method of methods) {
        const { status, headers } = await options(addresses.http + path, {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type',
        });
        const allowed = `${headers['access-control-allow-methods']}`;
        const isAllowed =
          status >= 200 &&
          status < 300 &&
          headers['access-control-allow-origin'] !== undefined &&
          (allowed.includes('*') || allowed.includes(method));
        if (isAllowed) continue;
        isAsAssumed = false;
        seen.push(
          `${method} ${path}: ${status}, origin ${headers['access-control-allow-origin']}, methods ${allowed}`,
        );
      }
    }
    return { isAsAssumed, found: isAsAssumed ? `all allowed from ${origin}` : seen.join('; ') };
  },
};

export const deleteWithBody: Probe = {
  name: 'DELETE with a body',
  assumption: 'the body reaches the function',
  async run({ addresses }) {
    const guest = await registerGuest(addresses, 'first-hour');
    await signInGuest(addresses, guest);
    const request = { method: 'DELETE', path: '/users/auth/profile/', token: guest.access } as const;
    try {
      // Without the body, an account whose user has just signed in is deleted.
      await callApi(addresses, { ...request, expected: [204], body: { password: 'a wrong password' } });
      return { isAsAssumed: false, found: 'a wrong password in the body was not seen: the body was dropped' };
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer)) throw error;
      if (error.status === 400) await deleteGuest(addresses, guest);
      return {
        isAsAssumed: error.status === 400,
        found: `a wrong password in the body was answered with ${error.status}`,
      };
    }
  },
};

/** What each function does in a transaction. A role that may not do a part of it makes the function answer 500. */
const transactions: Record<string, (subject: Subject) => Promise<unknown>> = {
  async accounts({ addresses }) {
    const guest = await registerGuest(addresses, 'first-hour');
    await signInGuest(addresses, guest);
    await deleteGuest(addresses, guest);
  },
  chat: ({ addresses, owner, room }) =>
    callApi(addresses, {
      method: 'POST',
      path: `/chat/rooms/${room.id}/messages/`,
      expected: [201],
      token: owner.access,
      body: { content: 'over HTTP', client_id: uniqueName('http') },
    }),
  async connect({ addresses, owner, timeoutMs }) {
    // The handshake makes the public room.
    const name = uniqueName('first-hour');
    const socket = await ChatSocket.open(addresses, { query: { room: name }, token: owner.access });
    const { event } = await socket.expect('ready', timeoutMs);
    await socket.close();
    const path = `/chat/rooms/${String(event['room_id'])}/`;
    await callApi(addresses, { method: 'DELETE', path, expected: [204], token: owner.access });
  },
  async message({ addresses, owner, room, timeoutMs }) {
    const socket = await ChatSocket.open(addresses, { query: { room: room.name }, token: owner.access });
    const clientId = uniqueName('socket');
    socket.send({ type: 'message', content: 'over a socket', client_id: clientId });
    await socket.expect('ack', timeoutMs, ({ client_id: id }) => id === clientId);
    await socket.close();
  },
  async tableStream({ addresses, owner, member, timeoutMs }) {
    // The stream passes the room on to its other member after the account of its owner is deleted.
    const leaving = await registerGuest(addresses, 'first-hour');
    await signInGuest(addresses, leaving);
    const { room_id: roomId } = await callApi<{ room_id: string }>(addresses, {
      method: 'POST',
      path: '/chat/rooms/create/',
      expected: [201],
      token: leaving.access,
      body: { room_name: uniqueName('first-hour'), is_private: true },
    });
    const path = `/chat/rooms/${roomId}/`;
    const add = {
      method: 'POST',
      path: `${path}members/add/`,
      expected: [200],
      token: leaving.access,
    } as const;
    for (const { id } of [owner, member]) await callApi(addresses, { ...add, body: { user_id: id } });
    await deleteGuest(addresses, leaving);
    const until = Date.now() + timeoutMs;
    for (;;) {
      const remove = { method: 'DELETE', path, expected: [204, 403], token: owner.access } as const;
      const answer = await callApi<{ code?: string } | undefined>(addresses, remove);
      if (answer === undefined) return;
      if (Date.now() > until) throw new Error(`the room had no new owner within ${timeoutMs} ms`);
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    }
  },
};

export const transactionOfEachRole: Probe = {
  name: 'one transaction for each role',
  assumption: 'IAM judges a transaction by its parts, so every role may run its own',
  async run(subject) {
    const results: string[] = [];
    let isAsAssumed = true;
    for (const [role, attempt] of Object.entries(transactions)) {
      try {
        await attempt(subject);
        results.push(`${role} ok`);
      } catch (error) {
        if (!(
          error instanceof UnexpectedAnswer ||
          error instanceof HandshakeRefused ||
          error instanceof Error
        ))
          throw error;
        isAsAssumed = false;
        results.push(`${role} failed (${error.message})`);
      }
    }
    return { isAsAssumed, found: results.join(', ') };
  },
};
