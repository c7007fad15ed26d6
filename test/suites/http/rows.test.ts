/** Every row of the protocol's table: its success, its form, both of its spellings. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newRoom } from '../api.ts';
import { addressOf, operations, otherSpelling, perform } from './operations.ts';
import { newPeople, newScene, type People } from './scene.ts';

let people: People;
beforeAll(async () => {
  people = await newPeople();
  await newRoom(people.owner);
});

describe.each(operations)('$name', (row) => {
  test.each([
    ['as it is documented', (address: string) => address],
    ['in its other spelling', otherSpelling],
  ])(`answers ${row.status}, %s, with what is documented and nothing else`, async (_, spelling) => {
    const scene = await newScene(people);
    const caller = (row.by ?? (({ owner }) => owner))(scene);
    const answer = await perform(row, scene, {
      token: row.auth === 'none' ? undefined : caller.access,
      address: spelling(addressOf(row, scene)),
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(row.status);
    const type = answer.headers.get('content-type') ?? '';
    if (row.answer === undefined) {
      expect(answer.body).toBeUndefined();
    } else if (typeof row.answer === 'string') {
      expect(type.startsWith(row.answer), type).toBe(true);
      expect(answer.body).not.toBeUndefined();
    } else {
      expect(type).toMatch(/^application\/json\b/);
      expect(answer.body).toEqual(row.answer);
    }
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

test.each(operations.filter(({ bodyOptional }) => bodyOptional))(
  '$name takes no body at all',
  async (row) => {
    const scene = await newScene(people);
    const caller = (row.by ?? (({ owner }) => owner))(scene);
    const answer = await perform({ ...row, body: () => undefined }, scene, { token: caller.access });
    expect(answer.status).toBe(row.status);
  },
);
