/**
 * Sends a secret in every field, header and path parameter of every operation, command and handshake of the contract, and
 * checks that no function prints it. The rows come from the contract, so new ones are covered.
 */
import { request } from 'node:http';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createLog } from '../../../local/log.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import { newUser, type TestUser } from '../../kit/users.ts';
import { exchangeFrames, type Exchange } from '../exchange-frames.ts';

const secretMarker = 'marker0secret0d41c7b';
const printed: string[] = [];

const { runtime } = useRuntime({
  // The lines of the gateway are left out: they name the paths of requests.
  log: { ...createLog('silent'), functionOutput: (name, line) => void printed.push(`${name}: ${line}`) },
});

const fieldsOf = (schema: z.ZodType | undefined): string[] =>
  schema === undefined
    ? []
    : Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {});

const filled = (names: string[], value: unknown): object =>
  Object.fromEntries(names.map((name) => [name, value]));

/** Returns headers in which a client might send a secret, the correct header included. */
const headersWith = ({ access }: TestUser, secret = secretMarker): Record<string, string>[] => [
  { authorization: `Bearer ${access}` },
  { authorization: `Bearer ${secret}` },
  {
    authorization: secret,
    cookie: `token=${secret}`,
    'x-api-key': secret,
    referer: `https://a/?token=${secret}`,
  },
  { 'content-type': secret, 'user-agent': secret, 'x-forwarded-for': secret, 'x-origin-key': secret },
];

function send(method: string, path: string, headers: Record<string, string>, body: string): Promise<void> {
  const { hostname, port } = new URL(runtime().url);
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      { host: hostname, port, method, path, headers: { ...headers, ...length } },
      (answer) => {
        answer.resume();
        answer.on('end', resolve);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function bodiesWith(row: Operation): string[] {
  const names = fieldsOf(row.body);
  const whole = JSON.stringify(filled(names, secretMarker));
  return [
    whole,
    whole.slice(0, -3),
    JSON.stringify({ ...filled(names, [secretMarker]), [secretMarker]: secretMarker }),
    `${secretMarker}{"`,
  ];
}

async function sendSecretOverHttp([, row]: [string, Operation]): Promise<void> {
  const names = [...fieldsOf(row.query), 'token', 'ticket', 'password', secretMarker];
  const query = names.map((name) => `${name}=${secretMarker}`).join('&');
  const path = row.path.replaceAll(/\{\w+\}/g, secretMarker);
  // A new user for each operation, since some end all sessions of their caller.
  for (const headers of headersWith(await newUser())) {
    for (const body of bodiesWith(row)) {
      await send(
        row.methods[0],
        `${path}?${query}`,
        { 'content-type': 'application/json', ...headers },
        body,
      );
    }
  }
}

const exchange = (path: string, part: Exchange): Promise<void> =>
  exchangeFrames(runtime().webSocketUrl + path, part);

function framesWith(): string[] {
  return Object.entries(commands).flatMap(([type, schema]) => {
    const names = fieldsOf(schema).filter((name) => name !== 'type');
    const frame = JSON.stringify({ ...filled(names, secretMarker), type });
    return [
      frame,
      frame.slice(0, -2),
      JSON.stringify({
        ...filled(names, { [secretMarker]: secretMarker }),
        type,
        [secretMarker]: secretMarker,
      }),
      ...names.map((name) => JSON.stringify({ type, [name]: secretMarker })),
      JSON.stringify({ type: secretMarker, token: secretMarker }),
      secretMarker,
    ];
  });
}

test('no function prints a secret, wherever a client sends it', { timeout: 120_000 }, async () => {
  const rows: [string, Operation][] = Object.entries(operations);
  for (const row of rows) await sendSecretOverHttp(row);
  const user = await newUser();
  const good = { authorization: `Bearer ${user.access}` };
  await exchange('/ws/chat/lobby/', { headers: good, frames: framesWith() });
  await exchange('/ws/', { headers: good, frames: framesWith() });
  const query = [...fieldsOf(HandshakeQuery), 'password'].map((name) => `${name}=${secretMarker}`);
  for (const headers of headersWith(user)) {
    for (const one of [...query, query.join('&')]) await exchange(`/ws/chat/lobby/?${one}`, { headers });
  }
  await exchange('/ws/', { protocols: ['chat.v1', `ticket.${secretMarker}`] });
  // The last lines are printed while the runtime stops.
  await runtime().stop();
  const printers = new Set(printed.map((line) => line.split(':')[0]));
  // Without this check, functions that print nothing at all would pass.
  for (const name of ['accounts', 'chat', 'connect', 'message']) expect([...printers].join()).toContain(name);
  expect(printed.filter((line) => line.includes(secretMarker))).toEqual([]);
});
