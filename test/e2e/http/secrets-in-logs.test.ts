/** No password, token or ticket is ever printed, wherever a client sends it, even by a runtime with a verbose log. */
import { beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import { exchangeFrames, type Exchange } from '../exchange-frames.ts';

const printed: string[] = [];
const sink = (text: string): void => void printed.push(text);
const password = 'secret-marker-password-8d41c7';
const username = 'secret-marker-user';

const { runtime } = useRuntime({ log: createLog('verbose', sink, sink) });
let secrets: { access: string; refresh: string; ticket: string; used: string };

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<any> {
  const response = await fetch(runtime().url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const exchange = (path: string, part?: Exchange): Promise<void> =>
  exchangeFrames(runtime().webSocketUrl + path, part);

beforeAll(async () => {
  await post('/users/auth/register/', { username, email: 'secret-marker@example.org', password });
  const tokens = await post('/users/auth/login/', { username, password });
  const newTicket = async (): Promise<string> =>
    (await post('/chat/ws-ticket/', {}, bearer(tokens.access))).ticket;
  secrets = { ...tokens, ticket: await newTicket(), used: await newTicket() };
});

/** Throws when the output contains a secret, or the part of a token that makes it valid. */
function expectNoSecret(): void {
  const all = printed.join('');
  const { access, refresh, ticket, used } = secrets;
  // Only the start of each signature, so that truncated tokens are found too.
  const signatures = [access, refresh].map((token) => `.${token.split('.')[2]}`.slice(0, 20));
  for (const secret of [password, ticket, used, ...signatures]) {
    const at = all.indexOf(secret);
    expect(at === -1 ? '' : all.slice(Math.max(0, at - 200), at + 50)).toBe('');
  }
}

/** Sends each secret over HTTP, in its correct place and in wrong ones. */
async function sendSecretsOverHttp(): Promise<void> {
  const { access, refresh, ticket } = secrets;
  for (const secret of [password, access, refresh, ticket]) {
    await post('/users/auth/login/', { username: secret.slice(0, 150), password: secret });
    await post('/users/auth/login/', { username, password: secret, [`x${secret}`]: secret });
    await post('/users/auth/login/', `{"username": "${username}", "password": "${secret}`);
    await post('/users/auth/login/', { username, password: [secret] });
    await post('/users/auth/register/', { username: secret.slice(0, 150), password: secret, email: secret });
    await post('/users/auth/password/', { old_password: secret, new_password: secret }, bearer(access));
    await fetch(`${runtime().url}/users/auth/profile/`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json', ...bearer(access) },
      body: JSON.stringify({ password: `x${secret}` }),
    });
    await post('/users/token/refresh/', { refresh: secret.slice(0, -1) });
    await post('/users/auth/logout/', { refresh: secret.slice(0, -1) });
    await post(`/users/auth/login/?password=${secret}&token=${secret}`, { username, password: secret });
    await post(`/chat/ws-ticket/?token=${secret}`, { room: secret }, bearer(secret));
    await post('/chat/ws-ticket/', { room: secret.replaceAll('.', '-').slice(0, 200) }, bearer(access));
    for (const headers of [bearer(secret), { authorization: secret }, { cookie: `token=${secret}` }]) {
      await fetch(`${runtime().url}/users/?username=${secret.slice(0, 150)}&token=${secret}`, { headers });
      await fetch(`${runtime().url}/users/auth/profile/?access=${secret}`, { headers });
      await fetch(`${runtime().url}/chat/rooms/?cursor=${secret}`, { headers });
      await fetch(`${runtime().url}/nothing/?password=${secret}`, { headers });
    }
  }
  await post('/users/token/refresh/', {
    refresh: (await post('/users/auth/login/', { username, password })).refresh,
  });
}

/** Sends each secret over HTTP, in its correct place and in wrong ones. */
async function tellOverSockets(): Promise<void> {
  const { access, refresh, ticket, used } = secrets;
  await exchange(`/ws/chat/lobby/?ticket=${used}`);
  for (const secret of [password, access, refresh, ticket, used]) {
    await exchange(`/ws/chat/lobby/?token=${secret}`);
    await exchange(`/ws/chat/lobby/?ticket=${secret}&password=${secret}`);
    await exchange('/ws/chat/lobby/', { protocols: ['chat.v1', `ticket.${secret}`] });
    await exchange('/ws/chat/lobby/', { headers: bearer(secret) });
    await exchange(`/ws/chat/lobby/?after=${secret}&history=${secret}`, { headers: bearer(access) });
    await exchange('/ws/chat/lobby/', {
      headers: bearer(access),
      frames: [
        JSON.stringify({ type: 'auth', token: secret }),
        JSON.stringify({ type: 'auth', token: [secret] }),
        JSON.stringify({ type: secret, token: secret }),
        JSON.stringify({ type: 'join', room: secret }),
        JSON.stringify({ type: 'read', message_id: secret.slice(0, 64) }),
        JSON.stringify({ type: 'message', content: `my password is ${secret}`, ref: secret.slice(0, 64) }),
        `{"type": "auth", "token": "${secret}`,
        secret,
      ],
    });
  }
}

test('no password, token or ticket is printed, over HTTP or WebSocket', { timeout: 60_000 }, async () => {
  await Promise.all([sendSecretsOverHttp(), tellOverSockets()]);
  // Once everything has stopped, every line has been printed.
  await runtime().stop();
  // The log tells of requests and of sockets, or its silence would mean nothing.
  expect(printed.join('')).toMatch(/users\/auth\/login/);
  expect(printed.join('')).toMatch(/"message":"Request refused"/);
  expect(printed.join('')).toMatch(/\$connect|CONNECT/);
  expectNoSecret();
});
