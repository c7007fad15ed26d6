import { createHash } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import type { HashedSend } from '../../../shared/domain/ports/log.ts';
import { contentHashes } from '../../../shared/lambda/content-hashes.ts';

const send: HashedSend = { roomId: 'r', userId: 'u', clientId: 'c', content: 'yes' };
const hashes = contentHashes(async () => 'a key');

it('returns the same hash for a repeated send in another instance', async () => {
  const stored = await contentHashes(async () => 'a key').hash(send);
  expect(await hashes.hash({ ...send })).toBe(stored);
  expect(await hashes.matches(stored, send)).toBe(true);
});

it.each<Partial<HashedSend>>([
  { content: 'no' },
  { roomId: 's' },
  { userId: 'v' },
  { clientId: 'd' },
  { clientId: 'c","yes', content: '' },
])('returns another hash for a send with %o', async (other) => {
  const stored = await hashes.hash(send);
  expect(await hashes.hash({ ...send, ...other })).not.toBe(stored);
  expect(await hashes.matches(stored, { ...send, ...other })).toBe(false);
});

it('returns another hash with another key', async () => {
  const stored = await hashes.hash(send);
  const others = contentHashes(async () => 'another key');
  expect(await others.hash(send)).not.toBe(stored);
  expect(await others.matches(stored, send)).toBe(false);
});

it('matches the plain hash of an earlier release', async () => {
  const stored = createHash('sha256').update('yes').digest('base64url');
  expect(await hashes.matches(stored, send)).toBe(true);
  expect(await hashes.matches(stored, { ...send, content: 'no' })).toBe(false);
});

it('reads the key once, for the first hash, and again after a failure', async () => {
  const readKey = vi.fn(async () => 'a key').mockRejectedValueOnce(new Error('no answer'));
  const lazy = contentHashes(readKey);
  expect(readKey).not.toHaveBeenCalled();
  await expect(lazy.hash(send)).rejects.toThrow('no answer');
  await Promise.all([lazy.hash(send), lazy.hash(send)]);
  await lazy.hash(send);
  expect(readKey).toHaveBeenCalledTimes(2);
});
