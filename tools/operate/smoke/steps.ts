/** The steps of the smoke test: two users meet in a room of their own, one of them loses the connection and resumes. */
import { callApi, type ChatAddresses } from '../../../functions/canary/chat-api.ts';
import { ChatSocket } from '../../../functions/canary/chat-socket.ts';
import { hasDocument, loadPage } from '../../../functions/canary/load-page.ts';
import {
  createGuestRoom,
  deleteGuest,
  deleteGuestRoom,
  registerGuest,
  signInGuest,
  type Guest,
  type GuestRoom,
} from '../guests.ts';

/** What earlier steps have made. */
export interface Progress {
  addresses: ChatAddresses;
  /** How long to wait for an event that must arrive. */
  eventTimeoutMs: number;
  users: Guest[];
  room?: GuestRoom;
  sockets: ChatSocket[];
}

export interface Step {
  name: string;
  /** Returns what is worth reading in the report; throws when the step fails. */
  run(this: void, progress: Progress): Promise<string>;
}

async function checkHealth({ addresses }: Progress): Promise<string> {
  const request = { method: 'GET', path: '/health/', expected: [200] } as const;
  const { status, version } = await callApi<{ status: string; version: string }>(addresses, request);
  if (status !== 'ok') throw new Error(`GET /health/ answered with the status "${status}"`);
  return `version ${version}`;
}

/** A stage without a page of its own leads visitors of the root to the documentation of the HTTP API. */
async function loadRoot({ addresses }: Progress): Promise<string> {
  const page = await loadPage(addresses, '/');
  if ('files' in page) return `/ with ${page.files.join(' and ')}`;
  if (page.leadsTo !== '/swagger/') throw new Error(`GET / leads to ${page.leadsTo}`);
  return 'the stage has none; / leads to /swagger/';
}

const documents = [
  ['/openapi.json', 'application/json'],
  ['/openapi.yaml', 'application/yaml'],
  ['/asyncapi.yaml', 'application/yaml'],
  ['/chat/websocket-docs/', 'text/html'],
] as const;

/** The documents of every stage, and the docs site, which only a local runtime has, once it is built. */
async function readDocuments({ addresses }: Progress): Promise<string> {
  const swagger = await loadPage(addresses, '/swagger/');
  if (!('files' in swagger)) throw new Error(`GET /swagger/ leads to ${swagger.leadsTo}`);
  for (const [path, type] of documents)
    if (!(await hasDocument(addresses, path, type))) throw new Error(`GET ${path} answered 404`);
  const hasSite = await hasDocument(addresses, '/docs/', 'text/html');
  return [
    '/swagger/',
    ...documents.map(([path]) => path),
    hasSite ? '/docs/' : 'no docs site at /docs/',
  ].join(', ');
}

async function registerUsers({ addresses, users }: Progress): Promise<string> {
  for (let count = 0; count < 2; count += 1) users.push(await registerGuest(addresses, 'smoke'));
  return users.map(({ username }) => username).join(', ');
}

async function signIn({ addresses, users }: Progress): Promise<string> {
  for (const user of users) await signInGuest(addresses, user);
  return 'both users';
}

async function createRoom(progress: Progress): Promise<string> {
  const [owner, member] = progress.users;
  const users = { owner: owner!, member: member!, prefix: 'smoke' };
  progress.room = await createGuestRoom(progress.addresses, users);
  return `${progress.room.name}, with both users`;
}

/** One user comes with a ticket, as browsers do, the other one with a header. */
async function openSockets({ addresses, eventTimeoutMs, users, room, sockets }: Progress): Promise<string> {
  const [owner, member] = users;
  const { ticket } = await callApi<{ ticket: string }>(addresses, {
    method: 'POST',
    path: '/chat/ws-ticket/',
    expected: [200],
    token: owner!.access,
    body: {},
  });
  sockets.push(
    await ChatSocket.open(addresses, { query: { room: room!.name, ticket } }),
    await ChatSocket.open(addresses, { query: { room: room!.name }, token: member!.access }),
  );
  for (const socket of sockets) await socket.expect('history_end', eventTimeoutMs);
  return 'one with a ticket, one with a token';
}

async function sendMessage({ eventTimeoutMs, sockets }: Progress): Promise<string> {
  const [owner, member] = sockets;
  const sentAtMs = Date.now();
  owner!.send({ type: 'message', content: 'first', client_id: 'smoke-1' });
  const acknowledged = await owner!.expect('ack', eventTimeoutMs, ({ client_id: id }) => id === 'smoke-1');
  const received = await member!.expect('chat_message', eventTimeoutMs, ({ message }) => message === 'first');
  return `acknowledged after ${acknowledged.atMs - sentAtMs} ms, received after ${received.atMs - sentAtMs} ms`;
}

/** The messages that were sent while a socket was closed arrive when it resumes, in order and only once. */
async function resume({ addresses, eventTimeoutMs, users, room, sockets }: Progress): Promise<string> {
  const [owner, member] = sockets;
  const last = await member!.expect('chat_message', eventTimeoutMs);
  const after = Number(last.event['seq']);
  await member!.close();
  owner!.send({ type: 'message', content: 'second', client_id: 'smoke-2' });
  await owner!.expect('ack', eventTimeoutMs, ({ client_id: id }) => id === 'smoke-2');
  await callApi(addresses, {
    method: 'POST',
    path: `/chat/rooms/${room!.id}/messages/`,
    expected: [201],
    token: users[0]!.access,
    body: { content: 'third', client_id: 'smoke-3' },
  });
  const resumed = await ChatSocket.open(addresses, {
    query: { room: room!.name, after: String(after) },
    token: users[1]!.access,
  });
  sockets[1] = resumed;
  const end = await resumed.expect('history_end', eventTimeoutMs);
  const contents = resumed.arrivals
    .filter(({ event }) => event.type === 'chat_message')
    .map(({ event }) => event['message']);
  if (contents.join() !== 'second,third' || end.event['recovered'] !== true) {
    throw new Error(
      `Expected second and third after seq ${after}, received ${JSON.stringify(contents)} and ${JSON.stringify(end.event)}`,
    );
  }
  return 'both messages that were missed, in order';
}

async function compareHistory({ addresses, users, room }: Progress): Promise<string> {
  const messages = await callApi<{ content: string }[]>(addresses, {
    method: 'GET',
    path: `/chat/rooms/${room!.id}/messages/`,
    expected: [200],
    token: users[1]!.access,
  });
  const contents = messages.map(({ content }) => content).join();
  if (contents !== 'first,second,third') throw new Error(`The history has the messages ${contents}`);
  return 'all three messages';
}

export const steps: readonly Step[] = [
  { name: 'health', run: checkHealth },
  { name: 'page', run: loadRoot },
  { name: 'documents', run: readDocuments },
  { name: 'register', run: registerUsers },
  { name: 'sign in', run: signIn },
  { name: 'create a room', run: createRoom },
  { name: 'open sockets', run: openSockets },
  { name: 'send', run: sendMessage },
  { name: 'resume', run: resume },
  { name: 'history', run: compareHistory },
];

/** Deletes the room and the users again. Usernames of deleted users stay reserved. */
export async function cleanUp({ addresses, users, room, sockets }: Progress): Promise<void> {
  for (const socket of sockets) await socket.close();
  const [owner] = users;
  if (room !== undefined && owner !== undefined) await deleteGuestRoom(addresses, owner, room);
  for (const user of users.filter(({ access }) => access !== '')) await deleteGuest(addresses, user);
}
