import { describe, expect, it } from 'vitest';
import { openCursor, sealCursor, type ListName } from '../../../shared/domain/cursor.ts';
import { cursorSeal } from '../../../shared/lambda/cursor-seal.ts';

const keysOf = (...keys: string[]) => ({ current: async () => keys[0]!, all: async () => keys });
const ports = { cursors: cursorSeal(keysOf('k'.repeat(64))) };
const mine: ListName = ['listMyRooms', 'ann'];
const refused = { code: 'invalid_request', fields: [{ path: 'cursor' }] };

describe('a cursor', () => {
  it('is URL-safe and opens to the position that was sealed, with any characters in it', async () => {
    for (const position of [['a'], ['', '#/\0', 'ﷺ"\\'], []]) {
      const cursor = await sealCursor(ports, mine, position);
      expect(cursor).toMatch(/^[\w-]+\.[\w-]{22}$/);
      expect(await openCursor(ports, mine, cursor)).toEqual(position);
    }
  });

  it('is refused for another list', async () => {
    const cursor = await sealCursor(ports, mine, ['a']);
    for (const other of [['listMyRooms', 'bob'], ['listMyRooms'], ['listRooms', 'ann']] as ListName[])
      await expect(openCursor(ports, other, cursor)).rejects.toMatchObject(refused);
    // The parts of a list's name are not merely concatenated, so no two lists have the same name.
    const joined = await sealCursor(ports, ['list', 'a","b'], ['x']);
    await expect(openCursor(ports, ['list', 'a', 'b'], joined)).rejects.toMatchObject(refused);
  });

  it('is refused when a single character is changed', async () => {
    const cursor = await sealCursor(ports, mine, ['room', 'name']);
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      const tampered = cursor.slice(0, index) + other + cursor.slice(index + 1);
      await expect(openCursor(ports, mine, tampered)).rejects.toMatchObject(refused);
    }
  });

  it.each(['', '.', '..', 'x', '__proto__', 'A'.repeat(4_000), `W10.${'A'.repeat(22)}`, 'W10.AA=='])(
    'is refused when it is %s',
    async (cursor) => {
      await expect(openCursor(ports, mine, cursor)).rejects.toMatchObject(refused);
    },
  );

  it('is refused in any other spelling of the same bytes', async () => {
    const cursor = await sealCursor(ports, mine, ['a']);
    for (const spelled of [`${cursor}=`, `${cursor} `, cursor.replace('.', '\n.'), `${cursor}!`])
      await expect(openCursor(ports, mine, spelled)).rejects.toMatchObject(refused);
  });

  it('is valid after one rotation of the key and refused after a second one', async () => {
    const cursor = await sealCursor(ports, mine, ['a']);
    const old = 'k'.repeat(64);
    const after = (...keys: string[]) => ({ cursors: cursorSeal(keysOf(...keys)) });
    expect(await openCursor(after('n'.repeat(64), old), mine, cursor)).toEqual(['a']);
    await expect(openCursor(after('m'.repeat(64), 'n'.repeat(64)), mine, cursor)).rejects.toMatchObject(
      refused,
    );
  });
});
