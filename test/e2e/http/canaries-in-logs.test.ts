/**
 * A secret is put into every place of every operation, command and handshake of the contract, also where it does not
 * belong: no function ever prints it. A new row is covered as soon as it is there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { testSettings } from '../../kit/test-settings.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';
import { newUser, useDeployment, type TestUser } from '../api.ts';
import { converse, type Part } from '../converse.ts';

const canary = 'canary0secret0d41c7b';
const printed: string[] = [];

let runtime: LocalRuntime;
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'chat-canaries-'));
  runtime = await startLocal({
    port: 0,
    dataDirectory,
    fresh: true,
    // What functions print, all of it; the gateway's own lines name paths.
    log: { ...createLog('silent'), functionOutput: (name, line) => void printed.push(`${name}: ${line}`) },
    environment: { ...process.env, ...testSettings },
  });
  useDeployment(runtime.url);
});

afterAll(async () => {
  await runtime.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

const fieldsOf = (schema: z.ZodType | undefined): string[] =>
  schema === undefined
    ? []
    : Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {});

const filled = (names: string[], value: unknown): object =>
  Object.fromEntries(names.map((name) => [name, value]));

/** Headers in which somebody might send a secret, the right one included. */
const headersWith = ({ access }: TestUser, secret = canary): Record<string, string>[] => [
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
  const { hostname, port } = new URL(runtime.url);
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
  const whole = JSON.stringify(filled(names, canary));
  return [
    whole,
    whole.slice(0, -3),
    JSON.stringify({ ...filled(names, [canary]), [canary]: canary }),
    `${canary}{"`,
  ];
}

async function tellOverHttp([, row]: [string, Operation]): Promise<void> {
  const names = [...fieldsOf(row.query), 'token', 'ticket', 'password', canary];
  const query = names.map((name) => `${name}=${canary}`).join('&');
  const path = row.path.replaceAll(/\{\w+\}/g, canary);
  // Somebody new for each: some operations end all that their caller has.
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

const say = (path: string, part: Part): Promise<void> => converse(runtime.webSocketUrl + path, part);

function framesWith(): string[] {
  return Object.entries(commands).flatMap(([type, schema]) => {
    const names = fieldsOf(schema).filter((name) => name !== 'type');
    const frame = JSON.stringify({ ...filled(names, canary), type });
    return [
      frame,
      frame.slice(0, -2),
      JSON.stringify({ ...filled(names, { [canary]: canary }), type, [canary]: canary }),
      ...names.map((name) => JSON.stringify({ type, [name]: canary })),
      JSON.stringify({ type: canary, token: canary }),
      canary,
    ];
  });
}

test('nothing that might be a secret is printed by any function', { timeout: 120_000 }, async () => {
  const rows: [string, Operation][] = Object.entries(operations);
  for (const row of rows) await tellOverHttp(row);
  const user = await newUser();
  const good = { authorization: `Bearer ${user.access}` };
  await say('/ws/chat/lobby/', { headers: good, frames: framesWith() });
  await say('/ws/', { headers: good, frames: framesWith() });
  const query = [...fieldsOf(HandshakeQuery), 'password'].map((name) => `${name}=${canary}`);
  for (const headers of headersWith(user)) {
    for (const one of [...query, query.join('&')]) await say(`/ws/chat/lobby/?${one}`, { headers });
  }
  await say('/ws/', { protocols: ['chat.v1', `ticket.${canary}`] });
  // Once everything has stopped, every line has been printed.
  await runtime.stop();
  const told = new Set(printed.map((line) => line.split(':')[0]));
  // Silence would prove nothing.
  for (const name of ['accounts', 'chat', 'connect', 'message']) expect([...told].join()).toContain(name);
  expect(printed.filter((line) => line.includes(canary))).toEqual([]);
});
