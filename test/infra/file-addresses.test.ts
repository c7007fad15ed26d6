/** Addresses of files, as they are signed, as a function checks them and as the edge checks them. */
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { readFileAddress, signFileAddress, type FileAddress } from '../../shared/lambda/file-addresses.ts';

const source = readFileSync(join(import.meta.dirname, '../../infra/edge/check-file-address.js'), 'utf8');
const minute = 60_000;
const nowMs = Date.UTC(2026, 10, 22, 12, 10);
const file: FileAddress = {
  roomId: '0b9f1c3e-5a77-4a1c-9a38-7f0d4b6f2c11',
  folder: 'AAECAwQFBgcICQoLDA0ODw',
  name: 'original',
};
const [key, previousKey] = ['k'.repeat(64), 'p'.repeat(64)];
const address = signFileAddress(key, file, nowMs);

interface Answer {
  uri?: string;
  querystring?: object;
  statusCode?: number;
}

/** Runs the deployed function of the edge at a time, with those keys in it. */
function atEdge(path: string, timeMs: number, keys = `${key},${previousKey}`): Answer {
  const [uri, query = ''] = path.split('?');
  const querystring = Object.fromEntries(
    query
      .split('&')
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), { value: pair.slice(pair.indexOf('=') + 1) }]),
  );
  const context = createContext({
    require: (name: string) => (name === 'crypto' ? { createHmac: crypto.createHmac } : undefined),
    Date: { now: () => timeMs },
    event: { viewer: { ip: '203.0.113.7' }, request: { method: 'GET', uri, querystring, headers: {} } },
  });
  return structuredClone(
    runInContext(`${source.replace('{{fileKeys}}', keys)}\nhandler(event)`, context),
  ) as Answer;
}

function inFunction(text: string, timeMs: number, keys = [key, previousKey]): FileAddress | undefined {
  const url = new URL(text, 'https://files.example');
  return readFileAddress(keys, { path: url.pathname, query: Object.fromEntries(url.searchParams) }, timeMs);
}

describe('the address of a file', () => {
  it('is short, and equal for all who get it within half an hour', () => {
    expect(address.length).toBeLessThan(160);
    expect(signFileAddress(key, file, nowMs + 19 * minute)).toBe(address);
    expect(signFileAddress(key, file, nowMs + 21 * minute)).not.toBe(address);
  });

  it.each([
    [0, true],
    [59 * minute, true],
    [60 * minute, true],
    [79 * minute, true],
    [80 * minute, false],
    [24 * 60 * minute, false],
  ])('%i milliseconds after it was signed is accepted: %s', (afterMs, isAccepted) => {
    expect(inFunction(address, nowMs + afterMs)).toEqual(isAccepted ? file : undefined);
    expect(atEdge(address, nowMs + afterMs)).toMatchObject(
      isAccepted ? { uri: address.split('?')[0], querystring: {} } : { statusCode: 403 },
    );
  });

  it.each(['1280', '320', '96'] as const)('opens the thumbnail of %s pixels, too', (name) => {
    const changed = address.replace('/original', `/${name}`);
    expect(inFunction(changed, nowMs)).toEqual({ ...file, name });
    expect(atEdge(changed, nowMs).uri).toBe(`/files/${file.roomId}/${file.folder}/${name}`);
  });

  it('is accepted with the previous key of a rotation, and with no other', () => {
    const [previous, unknown] = [previousKey, 'u'.repeat(64)].map((one) => signFileAddress(one, file, nowMs));
    expect(inFunction(previous!, nowMs)).toEqual(file);
    expect(atEdge(previous!, nowMs).uri).toBeDefined();
    expect(inFunction(previous!, nowMs, [key])).toBeUndefined();
    expect(atEdge(previous!, nowMs, key).statusCode).toBe(403);
    expect(inFunction(unknown!, nowMs)).toBeUndefined();
    expect(atEdge(unknown!, nowMs).statusCode).toBe(403);
  });

  const other = '1'.repeat(8);
  it.each([
    ['another room', address.replace('0b9f1c3e', other)],
    ['another folder', address.replace(file.folder, file.folder.toLowerCase())],
    ['a later end', address.replace(/until=\d+/, (end) => `until=${Number(end.slice(6)) + 1_800}`)],
    ['an end that is no number', address.replace(/until=\d+/, 'until=1e12')],
    ['an end in another notation', address.replace('until=', 'until=0x')],
    ['no end', address.replace(/until=\d+&/, '')],
    ['no signature', address.replace(/&signature=.*/, '')],
    ['an empty signature', address.replace(/signature=.*/, 'signature=')],
    ['a cut signature', address.slice(0, -1)],
    ['another last character', `${address.slice(0, -1)}${address.endsWith('A') ? 'B' : 'A'}`],
    ['another name', address.replace('/original', '/secret')],
    ['a further segment', address.replace('/original', '/original/x')],
    ['a trailing slash', address.replace('/original', '/original/')],
    ['an encoded slash', address.replace('/original', '%2F320')],
    ['a step up', address.replace('/original', '/../original')],
    ['a folder of the bucket', address.replace('/files/', '/incoming/')],
    ['no query', address.replace(/\?.*/, '')],
  ])('is refused with %s', (_, changed) => {
    expect(changed).not.toBe(address);
    expect(inFunction(changed, nowMs)).toBeUndefined();
    expect(atEdge(changed, nowMs).statusCode).toBe(403);
  });
});

describe('the address of a profile picture', () => {
  const picture = `/files/pictures/${file.roomId}/${file.folder}/320`;

  it('needs no signature, and loses its query', () => {
    expect(atEdge(`${picture}?x=1`, nowMs)).toMatchObject({
      uri: picture.slice('/files'.length),
      querystring: {},
    });
  });

  it.each([
    picture.replace('/320', '/original'),
    `${picture}/x`,
    picture.replace(file.folder, 'x'),
    picture.replace('/pictures/', '/pictures/../'),
  ])('is refused as %s', (changed) => {
    expect(atEdge(changed, nowMs).statusCode).toBe(403);
  });
});
