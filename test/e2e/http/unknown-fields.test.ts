/** Every operation ignores unknown fields: they neither cause an error nor change anything. */
import { beforeAll, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, type FixtureUsers } from './fixture.ts';
import { call } from '../../kit/deployment.ts';
import { addressOf, operations } from './operation-cases.ts';

let people: FixtureUsers;
beforeAll(async () => {
  people = await newFixtureUsers();
});

const unknown = [
  '"username_confirmation": "ann"',
  '"is_superuser": true',
  '"constructor": {"prototype": {"polluted": true}}',
  '"__proto__": {"polluted": true, "role": "owner"}',
  '"": 1',
  `"nested": ${'['.repeat(5_000)}${']'.repeat(5_000)}`,
].join(',');

test.each(operations.filter(({ body }) => body !== undefined))(
  '$name ignores unknown fields in its body and its query',
  async (row) => {
    const fixture = await newFixture(row.endsSession ? await newFixtureUsers() : people);
    const body = JSON.stringify(await row.body?.(fixture)).slice(1);
    const answer = await call(row.method, `${addressOf(row, fixture)}?utm_source=x&__proto__=y`, {
      token: row.auth === 'none' ? undefined : (row.by ?? (({ owner }) => owner))(fixture).access,
      raw: `{${unknown}${body === '}' ? '' : ','}${body}`,
      headers: { 'content-type': 'application/json' },
    });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: row.status, body: row.answer });
  },
);
