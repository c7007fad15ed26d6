/** The operations as test cases: their addresses with the ids of a fixture, and valid requests. */
import { rows, type OperationRow } from './operations.ts';
import type { Fixture } from './fixture.ts';
import type { TestUser } from '../../kit/users.ts';
import { call } from '../../kit/deployment.ts';

/** Lists every row once for each of its methods, with a name for `test.each`. */
export const operations = rows.flatMap((row) =>
  row.methods.map((method) => ({ ...row, method, name: `${method} ${row.path}` })),
);

export type OperationCase = (typeof operations)[number];

/** Returns the id of the session of an access token. */
export const sessionOf = ({ access }: TestUser): string =>
  JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString()).sid;

/** Returns the path of a row with the ids of the fixture. */
export function addressOf(row: OperationRow, fixture: Fixture): string {
  const user = (row.about ?? (({ member }) => member))(fixture);
  const path = row.path
    .replace('{room_id}', fixture.room.room_id)
    .replace('{message_id}', fixture.message.message_id)
    .replace('{attachment_id}', fixture.uploadId)
    .replace('{session_id}', sessionOf(fixture.owner))
    .replace(/\{(target_)?user_id\}/, user.id);
  return path + (row.query?.(fixture) ?? '');
}

/** Returns the path without its trailing slash, or with one when it has none. */
export function otherSpelling(address: string): string {
  const [path = '', query] = address.split('?');
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return query === undefined ? other : `${other}?${query}`;
}

/** Performs a valid request for the operation, with the given overrides. */
export async function perform(
  row: OperationCase,
  fixture: Fixture,
  { token, address = addressOf(row, fixture) }: { token?: string | undefined; address?: string } = {},
): ReturnType<typeof call> {
  return call(row.method, address, { token, body: await row.body?.(fixture) });
}
