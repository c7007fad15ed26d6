/** Ids that do not exist or are malformed: a path with one is not found, a body with one is refused. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, readState, type Fixture } from './fixture.ts';
import { problem, problemOrGatewayRefusal } from './problem.ts';
import { call, isDeployedStage } from '../../kit/deployment.ts';
import { addressOf, operations } from './operation-cases.ts';

/** Path segments that are not the id; `ID` stands for the correct one. */
const badIds = [
  'x',
  '__proto__',
  '%23',
  '%00',
  '%0A',
  '%20',
  '%2523',
  'ID%23HEAD',
  'ID%00',
  'ID%20',
  'IDx',
  'ID%2Fx',
  '%2FID',
  'ID%2F..%2Fx',
  'ROOM%23ID',
  '%F0%9F%8E%89',
  '00000000-0000-0000-0000-000000000000',
  '9'.repeat(400),
  'A'.repeat(1_500),
  'A'.repeat(30),
  '_'.repeat(64),
];

const named = operations.filter(({ path }) => path.includes('{'));
const parameters = named.flatMap((row) =>
  [...row.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => ({ ...row, parameter })),
);

let fixture: Fixture;
/** The state before the refused requests, which must not change it. */
let before: unknown;
beforeAll(async () => {
  fixture = await newFixture(await newFixtureUsers());
  before = await readState(fixture);
});

describe.each(parameters)('$name', (row) => {
  test(`answers 404 to a ${row.parameter} that does not exist`, async () => {
    const { access: token } = (row.by ?? (({ owner }) => owner))(fixture);
    const body = await row.body?.(fixture);
    const right = addressOf({ ...row, path: `{${row.parameter}}`, query: () => '' }, fixture);
    for (const bad of badIds) {
      const id = bad.replaceAll('ID', right);
      const path = row.path.replace(`{${row.parameter}}`, id);
      const answer = await call(row.method, addressOf({ ...row, path }, fixture), { token, body });
      // An id with a slash becomes two segments of the path.
      const isOtherPath = /%2F/.test(bad) && answer.status === 405;
      // A gateway may refuse what is no valid path to it, such as a zero byte.
      const isNoPath = isDeployedStage() && answer.status === 400;
      const expected = isNoPath
        ? problemOrGatewayRefusal(400, 'invalid_request')
        : problemOrGatewayRefusal(404, 'not_found');
      expect(answer).toEqual(isOtherPath ? problem(405, 'method_not_allowed') : expected);
    }
    expect(await readState(fixture)).toEqual(before);
  });
});

const badUserIds = ['', 'x', '#', '/', '\0', '__proto__', 'USER#x', '*', 'x'.repeat(3_000), 'null'];

test.each(badUserIds)('adding the member %j is refused', async (bad) => {
  const { owner, room } = fixture;
  for (const user_id of [bad, `${owner.id}${bad}#`]) {
    const answer = await call('POST', `/chat/rooms/${room.room_id}/members/add/`, {
      token: owner.access,
      body: { user_id },
    });
    expect(answer).toEqual(problem(400, 'invalid_request'));
  }
});

test.each(['', '#', '/', 'a b', '\0', 'ä', 'LOG#x', 'x'.repeat(65), '\n'])(
  'marking the message %j as read is refused',
  async (message_id) => {
    const { owner, room } = fixture;
    const answer = await call('POST', `/chat/rooms/${room.room_id}/read/`, {
      token: owner.access,
      body: { message_id },
    });
    expect(answer).toEqual(problem(400, 'invalid_request'));
  },
);

test('an id of one kind is not found in the place of another kind', async () => {
  const { owner, member, room, message } = fixture;
  const token = owner.access;
  const paths = [
    `/chat/rooms/${owner.id}/`,
    `/chat/rooms/${message.message_id}/`,
    `/chat/dm/${room.room_id}`,
    `/chat/rooms/${room.room_name}/`,
    `/chat/dm/${member.username}`,
    `/chat/rooms/${randomUUID()}/messages/`,
  ];
  for (const path of paths) expect(await call('GET', path, { token })).toEqual(problem(404, 'not_found'));
  for (const id of [room.room_id, owner.id, `${message.message_id}${message.message_id}`]) {
    const answer = await call('DELETE', `/chat/messages/${id}/delete/`, { token });
    expect(answer).toEqual(problem(404, 'not_found'));
  }
});
