import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entities } from '../../../shared/storage/entities/all.ts';
import { formerMember } from '../../../shared/storage/entities/former-member.ts';
import { member } from '../../../shared/storage/entities/member.ts';
import { ownSeqs } from '../../../shared/storage/entities/own-seqs.ts';
import { roomNameKey } from '../../../shared/storage/entities/room-name.ts';
import { roomItem } from '../../../shared/storage/entities/room.ts';
import { lookupSortKeyOf, seqKey, seqKeyEnd, type Key } from '../../../shared/storage/keys.ts';
import { importsOf, sourcesUnder } from '../../source-files.ts';
import { roomOf } from '../../kit/memory-chat/chat.ts';
import { keys } from './stored-keys.ts';

const owner = 'shared/storage/entities/';

/** A template that joins something with a `#`, or a literal that ends or starts with one, as keys do. */
const joinsKeys = (text: string): boolean =>
  /`[^`]*#[^`]*\$\{[^`]*`|`[^`]*\$\{[^`]*\}[^`]*#[^`]*`|'[A-Z]+#[^']*'/.test(withoutPlaceholders(text));

/** Names of DynamoDB's expressions start with a `#` too. */
const withoutPlaceholders = (text: string): string => text.replaceAll(/#[a-z]+\b|#n\$\{[^}]*\}/g, '');

describe('keys', () => {
  it('are joined by the entities only', () => {
    const sources = sourcesUnder(
      'shared/domain',
      'shared/storage',
      'shared/realtime',
      'shared/lambda',
      'functions',
    );
    const joining = sources.filter(({ text }) => joinsKeys(text)).map(({ path }) => path);
    expect(joining.length).toBeGreaterThan(20);
    expect(joining.filter((path) => !path.startsWith(owner))).toEqual([]);
  });

  it('would be found if they were joined elsewhere', () => {
    expect(joinsKeys('const pk = `ROOM#${roomId}`;')).toBe(true);
    expect(joinsKeys('const pk = `${prefix}#${roomId}`;')).toBe(true);
    expect(joinsKeys("pk.startsWith('LOG#')")).toBe(true);
    expect(joinsKeys("pk: 'ROOM#{roomId}'")).toBe(true);
    expect(joinsKeys("{ if: 'attribute_exists(rooms.#room)' }")).toBe(false);
  });

  it('are the stored ones, and differ between entities', () => {
    const parts = {
      address: 'a',
      bucket: seqKey(1),
      clientId: 'k',
      connectionId: 'c',
      dayStart: 8,
      foldedName: 'n',
      hash: 'h',
      lastSeq: seqKey(2),
      minuteStart: 1,
      name: 'm',
      roomId: 'r',
      scope: 's',
      segment: 2,
      seq: seqKey(3),
      sessionId: 'i',
      shard: 4,
      step: 5,
      stepKey: 'x',
      tokenVersion: 6,
      topic: 't',
      uploadKey: 'w',
      userId: 'u',
      windowStart: 7,
    };
    const stored = [
      keys.account('u'),
      keys.limit('budget/u', 1),
      keys.connection('c'),
      keys.deadSeqs('r', 1),
      keys.email('a'),
      keys.erasureStep('u', 5),
      keys.fileStep('x'),
      keys.formerMember('r', 'u'),
      keys.head('r'),
      keys.inboxWatch('r', 'u'),
      keys.activityPace('r'),
      keys.limit('s', 7),
      keys.entry('r', 3),
      keys.login('n'),
      keys.member('r', 'u'),
      keys.canaryResult(),
      keys.migrationCheckpoint('m', 2),
      keys.ownSeqs('r', 'u'),
      keys.ownSeqsUpTo('r', 'u', 2),
      keys.revocationNotice('u', 6),
      keys.revocation('i'),
      keys.userRevocation('u'),
      keys.roomName('n'),
      keys.room('r'),
      keys.sendKey('r', 'u', 'k'),
      keys.session('u', 'i'),
      keys.subscriber('t', 4, 'c'),
      keys.ticket('h'),
      keys.turn('s'),
      keys.limit('uploads/u', 8),
      keys.upload('r', 'w'),
      keys.user('u'),
    ];
    const texts = (all: Key[]) => all.map(({ pk, sk }) => `${pk} ${sk}`).sort();
    expect(texts(entities.map((entity) => entity.key(parts)))).toEqual(texts(stored));
    expect(new Set(texts(stored)).size).toBe(stored.length);
  });

  it('are parsed by the entity that joined them, but by no other entity of the same partition', () => {
    const key = member.key({ roomId: 'r', userId: 'u' });
    expect(member.partsOf(key)).toEqual({ roomId: 'r', userId: 'u' });
    expect(formerMember.partsOf(key)).toBeUndefined();
    expect(ownSeqs.partsOf(keys.ownSeqsUpTo('r', 'u', 2))).toBeUndefined();
  });

  it('sort entries by seq, before the end of every range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 }), fc.integer({ min: 1, max: 2 ** 48 }), (a, b) => {
        expect(seqKey(a) < seqKey(b)).toBe(a < b);
        expect(seqKey(a) < seqKeyEnd).toBe(true);
      }),
    );
  });

  const lookupBytes = (name: string) => Buffer.byteLength(lookupSortKeyOf(roomItem(roomOf({ name }))));

  it('fit into the table, however long a name becomes when it is folded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 255 }), (name) => {
        expect(lookupBytes(name)).toBeLessThanOrEqual(1_024);
      }),
    );
    for (const letter of ['ᾷ', 'ΐ', '\u{10400}']) {
      expect(lookupBytes(letter.repeat(255))).toBeLessThanOrEqual(1_024);
      expect(Buffer.byteLength(roomNameKey(letter.repeat(255)).pk)).toBeLessThanOrEqual(2_048);
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

  it('is read and written by the entities alone, which use all of its methods', () => {
    const sources = sourcesUnder('shared', 'functions');
    const values = (text: string): string =>
      text.replaceAll(/import type [^;]+;/g, '').replaceAll(/\btype \w+,?/g, '');
    const makers = sources.filter(({ text }) =>
      /\bnew Table\(|\btable\.(get|put|update|remove|page|all|transact)\w*\(/.test(text),
    );
    expect(makers.map(({ path }) => path).filter((path) => !path.startsWith(owner))).toEqual([
      'shared/storage/open-table.ts',
      'shared/storage/remove-page.ts',
    ]);
    const commanding = sources.filter(({ text }) => verbs.some((verb) => values(text).includes(verb)));
    expect(commanding.map(({ path }) => path)).toEqual(['shared/storage/table.ts']);
    const table = commanding[0]!.text;
    const asked = makers.map(({ text }) => text).join('\n');
    const methods = [...table.matchAll(/^ {2}async (\w+)\(/gm)].map(([, name]) => name);
    expect(methods.length).toBeGreaterThan(7);
    expect(methods.filter((name) => !asked.includes(`table.${name}(`))).toEqual([]);
  });

  it('has a DynamoDB client that no other file imports', () => {
    const importing = sourcesUnder('shared', 'functions').filter((source) =>
      importsOf(source).includes('@aws-sdk/lib-dynamodb'),
    );
    expect(importing.map(({ path }) => path).sort()).toEqual([
      'shared/storage/open-table.ts',
      'shared/storage/table.ts',
    ]);
  });
});
