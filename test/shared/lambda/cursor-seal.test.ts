import { describe, expect, it } from 'vitest';
import { openCursor, sealCursor, type ListName } from '../../../shared/domain/cursor.ts';
import { cursorSeal } from '../../../shared/lambda/cursor-seal.ts';

const keysOf = (...keys: string[]) => ({ current: async () => keys[0]!, all: async () => keys });
const ports = { cursors: cursorSeal(keysOf('k'.repeat(64))) };
const mine: ListName = ['listMyRooms', 'ann'];
const refused = { code: 'invalid_request', fields: [{ path: 'cursor' }] };

describe('a cursor', () => {
  it('comes back as it was sealed, URL-safe, whatever is in it', async () => {
    for (const position of [['a'], ['', '#/\0', 'ﷺ"\\'], []]) {
      const cursor = await sealCursor(ports, mine, position);
      expect(cursor).toMatch(/^[\w-]+\.[\w-]{22}$/);
      expect(await openCursor(ports, mine, cursor)).toEqual(position);
    }
  });

  it('is good for its own list only', async () => {
    const cursor = await sealCursor(ports, mine, ['a']);
    for (const other of [['listMyRooms', 'bob'], ['listMyRooms'], ['listRooms', 'ann']] as ListName[])
      await expect(openCursor(ports, other, cursor)).rejects.toMatchObject(refused);
    // Names are not simply joined: no two lists can be spelled alike.
    const joined = await sealCursor(ports, ['list', 'a","b'], ['x']);
    await expect(openCursor(ports, ['list', 'a', 'b'], joined)).rejects.toMatchObject(refused);
  });

  it('is refused when a single character of it is another one', async () => {
    const cursor = await sealCursor(ports, mine, ['room', 'name']);
    for (let at = 0; at < cursor.length; at += 1) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      const tampered = cursor.slice(0, at) + other + cursor.slice(at + 1);
      await expect(openCursor(ports, mine, tampered)).rejects.toMatchObject(refused);
    }
  });

  it.each(['', '.', '..', 'x', '__proto__', 'A'.repeat(4_000), `W10.${'A'.repeat(22)}`, 'W10.AA=='])(
    'is refused when it is %s',
    async (cursor) => {
      await expect(openCursor(ports, mine, cursor)).rejects.toMatchObject(refused);
    },
  );

  it('has one spelling', async () => {
    const cursor = await sealCursor(ports, mine, ['a']);
    for (const spelled of [`${cursor}=`, `${cursor} `, cursor.replace('.', '\n.'), `${cursor}!`])
      await expect(openCursor(ports, mine, spelled)).rejects.toMatchObject(refused);
  });

  it('outlives one rotation of the key, and no second one', async () => {
    const cursor = await sealCursor(ports, mine, ['a']);
    const old = 'k'.repeat(64);
    const after = (...keys: string[]) => ({ cursors: cursorSeal(keysOf(...keys)) });
    expect(await openCursor(after('n'.repeat(64), old), mine, cursor)).toEqual(['a']);
    await expect(openCursor(after('m'.repeat(64), 'n'.repeat(64)), mine, cursor)).rejects.toMatchObject(
      refused,
    );
  });
});
