import { beforeAll, describe, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { statusesOf, type Answer } from '../../kit/request.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

const create = (room_name: unknown, by = ann, more: object = {}): Promise<Answer> =>
  call('POST', '/chat/rooms/create/', { token: by.access, body: { room_name, ...more } });
const rename = (room: any, room_name: string): Promise<Answer> =>
  call('PATCH', `/chat/rooms/${room.room_id}/`, { token: ann.access, body: { room_name } });

describe('a room’s name', () => {
  test.each([
    'Grüße',
    '日本語',
    'Привет',
    'العربية',
    'हिन्दी',
    '٣٤',
    'under_score',
    'dot.ted',
    'dash-ed',
    '__proto__',
  ])('may contain the characters of %j', async (form) => {
    const room_name = `${form}${uniqueName()}`.normalize('NFKC');
    expect(await create(room_name)).toMatchObject({ status: 201, body: { room_name } });
  });

  test.each([
    ['two words', 'two words'],
    ['nothing', ''],
    ['a slash', 'a/b'],
    ['a hash', 'a#b'],
    ['a zero byte', 'a\0b'],
    ['a line break', 'a\nb'],
    ['an emoji', 'party🎉'],
    ['markup', '<b>'],
    ['a direction mark', 'a\u202eb'],
    ['no width at all', 'a\u200bb'],
    ['half of a surrogate pair', 'a\ud800'],
    ['what NFKC turns into a space', 'a\u00a0b'],
    ['what NFKC turns into a slash', 'a／b'],
  ])('may not contain %s', async (_, form) => {
    expect(await create(form === '' ? '' : form + uniqueName())).toEqual(problem(400, 'invalid_request'));
  });

  test.each(['x', '𐐷', 'ﬃ'])('may have at most 255 characters, also when they are %j', async (letter) => {
    // The hyphen keeps the letters of the unique name out of a word of another script.
    const start = `${uniqueName()}-`;
    const room_name = (start + letter.repeat(255)).normalize('NFKC');
    const longest = Array.from(room_name).slice(0, 255).join('');
    const tooLong = Array.from(room_name).slice(0, 256).join('');
    expect(await create(tooLong)).toEqual(problem(400, 'invalid_request'));
    const created = await create(longest);
    expect(created).toMatchObject({ status: 201, body: { room_name: longest } });
    expect(await get(bob, `/chat/rooms/${created.body.room_id}/`)).toMatchObject({ body: created.body });
  });

  test('is normalized to NFKC', async () => {
    const unique = uniqueName();
    const created = await create(`ﬁsh-ｗｉｄｅ-e\u0301-${unique}`);
    expect(created).toMatchObject({ status: 201, body: { room_name: `fish-wide-é-${unique}` } });
    expect(await create(`fish-wide-é-${unique}`, bob)).toEqual(problem(409, 'room_name_taken'));
  });

  test.each([
    ['General', 'gENERAL'],
    ['ΣΟΦΌΣ', 'σοφός'],
    ['ÉTÉ', 'e\u0301te\u0301'],
    ['Straße', 'STRASSE'],
    ['Ｗｉｄｅ', 'wide'],
  ])('%s is taken when %s is taken', async (one, other) => {
    const unique = uniqueName();
    expect(await create(one + unique)).toMatchObject({ status: 201 });
    expect(await create(other + unique, bob)).toEqual(problem(409, 'room_name_taken'));
    expect(await create(other + unique, bob, { is_private: true })).toEqual(problem(409, 'room_name_taken'));
  });

  test.each(['dm_', 'DM_', 'Dm_', 'ｄｍ_', 'dm＿'])('may not start with %s', async (start) => {
    expect(await create(`${start}${uniqueName()}`)).toEqual(problem(400, 'invalid_request'));
    const { body: room } = await create(uniqueName());
    expect(await rename(room, `${start}${uniqueName()}`)).toEqual(problem(400, 'invalid_request'));
    expect(await get(ann, `/chat/rooms/${room.room_id}/`)).toMatchObject({ body: room });
  });

  test('that several users take at once goes to one of them', async () => {
    const room_name = uniqueName('contested');
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        create(index % 2 === 0 ? room_name : room_name.toUpperCase(), index % 2 === 0 ? ann : bob),
      ),
    );
    const winners = answers.filter(({ status }) => status === 201);
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(answer).toEqual(problem(409, 'room_name_taken'));
    }
  });
});

describe('renaming', () => {
  test('to a name that is taken is refused, and changes nothing', async () => {
    const [{ body: room }, { body: other }] = await Promise.all([create(uniqueName()), create(uniqueName())]);
    const answer = await rename(room, other.room_name.toUpperCase());
    expect(answer).toEqual(problem(409, 'room_name_taken'));
    expect(await get(ann, `/chat/rooms/${room.room_id}/`)).toMatchObject({ body: room });
  });

  test('to the same name in another case is no conflict', async () => {
    const { body: room } = await create(uniqueName('quiet'));
    const room_name = room.room_name.toUpperCase();
    expect(await rename(room, room_name)).toMatchObject({ status: 200, body: { ...room, room_name } });
    expect(await create(room.room_name, bob)).toEqual(problem(409, 'room_name_taken'));
  });

  test('frees the old name and takes the new one', async () => {
    const { body: room } = await create(uniqueName('old'));
    const room_name = uniqueName('new');
    await rename(room, room_name);
    expect(await create(room_name, bob)).toEqual(problem(409, 'room_name_taken'));
    expect(await create(room.room_name, bob)).toMatchObject({ status: 201 });
  });

  test('two rooms to one name at once gives it to one of them', async () => {
    const rooms = (await Promise.all([create(uniqueName()), create(uniqueName())])).map(({ body }) => body);
    const room_name = uniqueName('wanted');
    const answers = await Promise.all(rooms.map((room) => rename(room, room_name)));
    expect(statusesOf(answers)).toEqual([200, 409]);
    const now = await Promise.all(rooms.map((room) => get(ann, `/chat/rooms/${room.room_id}/`)));
    expect(now.filter(({ body }) => body.room_name === room_name)).toHaveLength(1);
  });
});
