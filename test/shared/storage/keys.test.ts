import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeKey, keys, lookups, seqKey, seqKeyEnd } from '../../../shared/storage/keys.ts';
import { importsOf, sourcesUnder } from '../../source-files.ts';

const owner = 'shared/storage/keys.ts';

/** A template that joins something with a `#`, or a literal that ends or starts with one, as keys do. */
const joinsKeys = (text: string): boolean =>
  /`[^`]*#[^`]*\$\{[^`]*`|`[^`]*\$\{[^`]*\}[^`]*#[^`]*`|'[A-Z]+#[^']*'/.test(withoutPlaceholders(text));

/** Names of DynamoDB's expressions start with a `#` too. */
const withoutPlaceholders = (text: string): string => text.replaceAll(/#[a-z]+\b|#n\$\{[^}]*\}/g, '');

describe('keys', () => {
  it('are joined in one place only', () => {
    const sources = sourcesUnder(
      'shared/domain',
      'shared/storage',
      'shared/realtime',
      'shared/lambda',
      'functions',
    );
    const joining = sources.filter(({ text }) => joinsKeys(text)).map(({ path }) => path);
    expect(joining).toEqual([owner]);
  });

  it('that are joined elsewhere would be found', () => {
    expect(joinsKeys('const pk = `ROOM#${roomId}`;')).toBe(true);
    expect(joinsKeys('const pk = `${prefix}#${roomId}`;')).toBe(true);
    expect(joinsKeys("pk.startsWith('LOG#')")).toBe(true);
    expect(joinsKeys("{ if: 'attribute_exists(rooms.#room)' }")).toBe(false);
  });

  it('of different things differ', () => {
    const ids = ['a', 'b'];
    const all = ids.flatMap((id) => [
      keys.user(id),
      keys.account(id),
      keys.session(id, 'a'),
      keys.login(id),
      keys.email(id),
      keys.room(id),
      keys.head(id),
      keys.roomName(id),
      keys.member(id, 'a'),
      keys.entry(id, 1),
      keys.purgeStep(id, 1),
      keys.sendKey(id, 'a', 'b'),
      keys.sendKey(id, 'b', 'a'),
      keys.connection(id),
      keys.subscriber(id, 0, 'a'),
      keys.subscriber(id, 1, 'a'),
      keys.revocation(id),
      keys.ticket(id),
      keys.limit(id, 1),
    ]);
    expect(new Set(all.map(({ pk, sk }) => JSON.stringify([pk, sk]))).size).toBe(all.length);
  });

  it('say what they speak of', () => {
    expect(describeKey(keys.member('r', 'u'))).toEqual({ prefix: 'ROOM', id: 'r', sk: 'MEMBER#u' });
  });

  it('sort entries by their seq, below the end of every range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 }), fc.integer({ min: 1, max: 2 ** 48 }), (a, b) => {
        expect(seqKey(a) < seqKey(b)).toBe(a < b);
        expect(seqKey(a) < seqKeyEnd).toBe(true);
      }),
    );
    expect(keys.purgeStep('r', 1).sk > seqKeyEnd).toBe(true);
  });

  it('fit into the table, however a name grows when it is folded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 255 }), (name) => {
        expect(Buffer.byteLength(lookups.publicRoom(name).lookup_sk)).toBeLessThanOrEqual(1_024);
      }),
    );
    for (const letter of ['ᾷ', 'ΐ', '\u{10400}']) {
      expect(Buffer.byteLength(lookups.publicRoom(letter.repeat(255)).lookup_sk)).toBeLessThanOrEqual(1_024);
      expect(Buffer.byteLength(keys.roomName(letter.repeat(255)).pk)).toBeLessThanOrEqual(2_048);
    }
  });
});

describe('the table', () => {
  const verbs = [
    'GetCommand',
    'PutCommand',
    'UpdateCommand',
    'DeleteCommand',
    'QueryCommand',
    'TransactWriteCommand',
  ];

  it('is asked by access-patterns.ts alone, which covers every verb that it has', () => {
    const sources = sourcesUnder('shared', 'functions');
    const values = (text: string): string =>
      text.replaceAll(/import type [^;]+;/g, '').replaceAll(/\btype \w+,?/g, '');
    const makers = sources.filter(({ text }) =>
      /\bnew Table\(|\btable\.(get|put|update|remove|page|all|transact)\w*\(/.test(text),
    );
    expect(makers.map(({ path }) => path).sort()).toEqual([
      'shared/storage/access-patterns.ts',
      'shared/storage/open-table.ts',
    ]);
    const commanding = sources.filter(({ text }) => verbs.some((verb) => values(text).includes(verb)));
    expect(commanding.map(({ path }) => path)).toEqual(['shared/storage/table.ts']);
    const table = commanding[0]!.text;
    const asked = makers.find(({ path }) => path.endsWith('access-patterns.ts'))!.text;
    const methods = [...table.matchAll(/^ {2}async (\w+)\(/gm)].map(([, name]) => name);
    expect(methods.length).toBeGreaterThan(7);
    expect(methods.filter((name) => !asked.includes(`table.${name}(`))).toEqual([]);
  });

  it('has a client of its own, imported nowhere else', () => {
    const importing = sourcesUnder('shared', 'functions').filter((source) =>
      importsOf(source).includes('@aws-sdk/lib-dynamodb'),
    );
    expect(importing.map(({ path }) => path).sort()).toEqual([
      'shared/storage/open-table.ts',
      'shared/storage/table.ts',
    ]);
  });
});
