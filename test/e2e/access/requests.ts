/** The HTTP side of the table: the request of each action, and how its answer shows that it succeeded. */
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import type { httpTable } from './expectations.ts';
import { secretMarker, type Fixture } from './fixture.ts';

export type HttpAction = keyof typeof httpTable;

interface Request {
  method: string;
  path: (fixture: Fixture) => string;
  body?: (fixture: Fixture) => unknown;
  /** Whether it changes something; changes run in the order of this table, after all other actions. */
  changes?: true;
  /** For lists, which always succeed: whether the answer contains the room. */
  finds?: (fixture: Fixture, answer: Answer) => boolean;
}

const room =
  (rest = '') =>
  ({ room: { room_id: id } }: Fixture): string =>
    `/chat/rooms/${id}/${rest}`;
const ownMessage =
  (rest: string) =>
  ({ own, others }: Fixture): string =>
    `/chat/messages/${own ?? others}/${rest}/`;
const anothersMessage =
  (rest: string) =>
  ({ others }: Fixture): string =>
    `/chat/messages/${others}/${rest}/`;
/** An upload of the actor, or a missing one. */
export const ownUpload = ({ own, others }: Fixture['files']): string => own[0] ?? others;
const holdsRoom = (fixture: Fixture, { body }: Answer): boolean =>
  body.some(({ room_id: id }: { room_id: string }) => id === fixture.room.room_id);

export const requests: Record<HttpAction, Request> = {
  'see the room': { method: 'GET', path: room() },
  'list the members': { method: 'GET', path: room('members/') },
  'read the history': { method: 'GET', path: room('messages/') },
  'list the readers': { method: 'GET', path: room('read/') },
  'get a ticket by the room’s name': {
    method: 'POST',
    path: () => '/chat/ws-ticket/',
    body: (fixture) => ({ room: fixture.room.room_name }),
  },
  'get a ticket by the room’s id': {
    method: 'POST',
    path: () => '/chat/ws-ticket/',
    body: (fixture) => ({ room: fixture.room.room_id }),
  },
  'find it among the public rooms': {
    method: 'GET',
    path: () => '/chat/rooms/?limit=100',
    finds: holdsRoom,
  },
  'find it among one’s own rooms': {
    method: 'GET',
    path: () => '/chat/rooms/mine/?limit=100',
    finds: holdsRoom,
  },
  'see an attachment': { method: 'GET', path: ({ files }) => `/chat/attachments/${files.attached}/` },
  'see an own upload': { method: 'GET', path: ({ files }) => `/chat/attachments/${ownUpload(files)}/` },
  'see another’s upload': { method: 'GET', path: ({ files }) => `/chat/attachments/${files.others}/` },
  'send another’s upload': {
    method: 'POST',
    path: room('messages/'),
    body: ({ files }) => ({ content: '', attachments: [files.others] }),
  },
  'search the room': {
    method: 'GET',
    path: (fixture) => room(`search/?q=${secretMarker}`)(fixture),
  },
  'find it by a search of one’s rooms': {
    method: 'GET',
    path: () => `/chat/search/?q=${secretMarker}&limit=50`,
    finds: (fixture, { body }) =>
      body.results.some(({ room_id: id }: { room_id: string }) => id === fixture.room.room_id),
  },
  'find it among one’s unread rooms': {
    method: 'GET',
    path: () => '/chat/unread/',
    finds: ({ room: { room_id: id } }, { body }) =>
      body.rooms.some((one: { room_id: string }) => one.room_id === id),
  },
  'edit another’s message': {
    method: 'PATCH',
    path: anothersMessage('edit'),
    body: () => ({ content: 'changed by another user' }),
    changes: true,
  },
  'delete another’s message': { method: 'DELETE', path: anothersMessage('delete'), changes: true },
  'mark as read': {
    method: 'POST',
    path: room('read/'),
    body: ({ others }) => ({ message_id: others }),
    changes: true,
  },
  'mark as unread': {
    method: 'POST',
    path: room('unread/'),
    body: ({ others }) => ({ message_id: others }),
    changes: true,
  },
  'send a message': {
    method: 'POST',
    path: room('messages/'),
    body: () => ({ content: `${secretMarker} sent` }),
    changes: true,
  },
  'declare an upload': {
    method: 'POST',
    path: room('uploads/'),
    body: () => ({ name: 'plan.txt', type: 'text/plain', size: 8 }),
    changes: true,
  },
  'send an own upload': {
    method: 'POST',
    path: room('messages/'),
    body: ({ files }) => ({ content: secretMarker, attachments: [ownUpload(files)] }),
    changes: true,
  },
  'edit an own message': {
    method: 'PUT',
    path: ownMessage('edit'),
    body: () => ({ content: `${secretMarker} edited` }),
    changes: true,
  },
  'delete an own message': { method: 'DELETE', path: ownMessage('delete'), changes: true },
  'add a member': {
    method: 'POST',
    path: room('members/add/'),
    body: ({ guest }) => ({ user_id: guest.id }),
    changes: true,
  },
  'remove a member': {
    method: 'DELETE',
    path: (fixture) => room(`members/remove/${fixture.member.id}/`)(fixture),
    changes: true,
  },
  'remove the creator': {
    method: 'DELETE',
    path: (fixture) => room(`members/remove/${fixture.creator.id}/`)(fixture),
    changes: true,
  },
  'replace the room': {
    method: 'PUT',
    path: room(),
    body: () => ({ room_name: uniqueName('---replaced'), description: secretMarker }),
    changes: true,
  },
  'change the room': {
    method: 'PATCH',
    path: room(),
    body: () => ({ description: `${secretMarker} changed` }),
    changes: true,
  },
  'leave the room': { method: 'POST', path: room('leave/'), changes: true },
  'delete the room': { method: 'DELETE', path: room(), changes: true },
};

export function request(action: HttpAction, fixture: Fixture): Promise<Answer> {
  const { method, path, body } = requests[action];
  return call(method, path(fixture), { token: fixture.token, ...(body && { body: body(fixture) }) });
}

const refusals: Record<string, string> = {
  '401 unauthorized': 'u',
  '403 forbidden': 'x',
  '404 not_found': '0',
  '400 invalid_request': 'i',
};

/** Returns the outcome as a letter of the table, or a description of any other answer. */
export function outcomeOf(action: HttpAction, fixture: Fixture, answer: Answer): string {
  const { status, body } = answer;
  const { finds } = requests[action];
  if (status >= 200 && status < 300) return finds === undefined || finds(fixture, answer) ? '+' : '0';
  return refusals[`${status} ${body?.code}`] ?? `${status} ${JSON.stringify(body)}`;
}

/** Headers that differ between any two answers. */
const ownHeaders = new Set([
  'date',
  'apigw-requestid',
  'x-amzn-requestid',
  'x-amzn-trace-id',
  'x-request-id',
]);

/** Returns everything by which a client could distinguish two answers. */
export function appearance({ status, headers, body }: Answer): object {
  return {
    status,
    headers: Object.fromEntries([...headers].filter(([name]) => !ownHeaders.has(name))),
    body: typeof body === 'object' && !Array.isArray(body) ? { ...body, request_id: 'any' } : body,
  };
}
