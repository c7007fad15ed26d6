/** Nothing that lets somebody in is ever printed, wherever a client puts it. Runs a local runtime of its own, at its most talkative. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { testSettings } from '../../kit/test-settings.ts';
import { converse, type Part } from '../converse.ts';

const printed: string[] = [];
const sink = (text: string): void => void printed.push(text);
const password = 'canary-password-8d41c7';
const username = 'canary-user';

let runtime: LocalRuntime;
let dataDirectory: string;
let secrets: { access: string; refresh: string; ticket: string; used: string };

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<any> {
  const response = await fetch(runtime.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const say = (path: string, part?: Part): Promise<void> => converse(runtime.webSocketUrl + path, part);

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'chat-secrets-'));
  runtime = await startLocal({
    port: 0,
    dataDirectory,
    fresh: true,
    log: createLog('verbose', sink, sink),
    environment: { ...process.env, ...testSettings },
  });
  await post('/users/auth/register/', { username, email: 'canary@example.org', password });
  const tokens = await post('/users/auth/login/', { username, password });
  const ask = async (): Promise<string> => (await post('/chat/ws-ticket/', {}, bearer(tokens.access))).ticket;
  secrets = { ...tokens, ticket: await ask(), used: await ask() };
});

afterAll(async () => {
  await runtime.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

/** Fails when a secret, or the part of it that matters, is anywhere in what was printed. */
function expectNoSecret(): void {
  const all = printed.join('');
  const { access, refresh, ticket, used } = secrets;
  // The start of a signature: what was cut off at some length is found too.
  const signatures = [access, refresh].map((token) => `.${token.split('.')[2]}`.slice(0, 20));
  for (const secret of [password, ticket, used, ...signatures]) {
    const at = all.indexOf(secret);
    expect(at === -1 ? '' : all.slice(Math.max(0, at - 200), at + 50)).toBe('');
  }
}

/** Each secret in its right place and in wrong ones. */
async function tellOverHttp(): Promise<void> {
  const { access, refresh, ticket } = secrets;
  for (const secret of [password, access, refresh, ticket]) {
    await post('/users/auth/login/', { username: secret.slice(0, 150), password: secret });
    await post('/users/auth/login/', { username, password: secret, [`x${secret}`]: secret });
    await post('/users/auth/login/', `{"username": "${username}", "password": "${secret}`);
    await post('/users/auth/login/', { username, password: [secret] });
    await post('/users/auth/register/', { username: secret.slice(0, 150), password: secret, email: secret });
    await post('/users/auth/password/', { old_password: secret, new_password: secret }, bearer(access));
    await fetch(`${runtime.url}/users/auth/profile/`, {
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
      await fetch(`${runtime.url}/users/?username=${secret.slice(0, 150)}&token=${secret}`, { headers });
      await fetch(`${runtime.url}/users/auth/profile/?access=${secret}`, { headers });
      await fetch(`${runtime.url}/chat/rooms/?cursor=${secret}`, { headers });
      await fetch(`${runtime.url}/nothing/?password=${secret}`, { headers });
    }
  }
  await post('/users/token/refresh/', {
    refresh: (await post('/users/auth/login/', { username, password })).refresh,
  });
}

/** Each secret in its right place and in wrong ones. */
async function tellOverSockets(): Promise<void> {
  const { access, refresh, ticket, used } = secrets;
  await say(`/ws/chat/lobby/?ticket=${used}`);
  for (const secret of [password, access, refresh, ticket, used]) {
    await say(`/ws/chat/lobby/?token=${secret}`);
    await say(`/ws/chat/lobby/?ticket=${secret}&password=${secret}`);
    await say('/ws/chat/lobby/', { protocols: ['chat.v1', `ticket.${secret}`] });
    await say('/ws/chat/lobby/', { headers: bearer(secret) });
    await say(`/ws/chat/lobby/?after=${secret}&history=${secret}`, { headers: bearer(access) });
    await say('/ws/chat/lobby/', {
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
  await Promise.all([tellOverHttp(), tellOverSockets()]);
  // Once everything has stopped, every line has been printed.
  await runtime.stop();
  // The log tells of requests and of sockets, or its silence would mean nothing.
  expect(printed.join('')).toMatch(/users\/auth\/login/);
  expect(printed.join('')).toMatch(/"message":"Request refused"/);
  expect(printed.join('')).toMatch(/\$connect|CONNECT/);
  expectNoSecret();
});
