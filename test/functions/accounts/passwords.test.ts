import { compare } from 'bcryptjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { passwordHasher } from '../../../functions/accounts/passwords.ts';
import type { SecretReader } from '../../../shared/lambda/secrets.ts';

vi.mock('bcryptjs', async (original) => {
  const real = await original<{ compare: typeof compare }>();
  return { ...real, compare: vi.fn<typeof compare>(real.compare) };
});

const pepper = (key: string): SecretReader => ({
  current: async () => key,
  all: async () => [key],
  newest: async () => [key],
});
const hasher = passwordHasher(pepper('a pepper of some length'), 4);
const compared = vi.mocked(compare);

beforeEach(() => {
  compared.mockClear();
});

describe('the password hasher', () => {
  it('verifies a password against its own hash only', async () => {
    const hash = await hasher.hash('correct-horse-7');
    expect(await hasher.verify('correct-horse-7', hash)).toBe(true);
    expect(await hasher.verify('correct-horse-8', hash)).toBe(false);
  });

  it('distinguishes passwords that differ after byte 72, which bcrypt alone ignores', async () => {
    const start = 'x'.repeat(72);
    const hash = await hasher.hash(`${start}a`);
    expect(await hasher.verify(`${start}b`, hash)).toBe(false);
    expect(await hasher.verify(`${start}a`, hash)).toBe(true);
  });

  it('distinguishes passwords that differ after a zero byte', async () => {
    const hash = await hasher.hash('before\0after');
    expect(await hasher.verify('before\0other', hash)).toBe(false);
  });

  it('treats composed and decomposed letters as the same', async () => {
    const hash = await hasher.hash('p\u00e4ssword');
    expect(await hasher.verify('pa\u0308ssword', hash)).toBe(true);
  });

  it('salts hashes, and verifies them only with the same pepper', async () => {
    const [one, two] = await Promise.all([hasher.hash('same'), hasher.hash('same')]);
    expect(one).not.toBe(two);
    expect(await passwordHasher(pepper('another pepper, as long'), 4).verify('same', one)).toBe(false);
  });

  it('reports a hash of another cost as outdated, and still verifies it', async () => {
    const costlier = passwordHasher(pepper('a pepper of some length'), 5);
    const hash = await hasher.hash('correct-horse-7');
    expect([hasher.isOutdated(hash), costlier.isOutdated(hash)]).toEqual([false, true]);
    expect(await costlier.verify('correct-horse-7', hash)).toBe(true);
  });

  it('compares the password of an unknown user at the same cost, and never accepts it', async () => {
    expect(await hasher.verify('correct-horse-7', undefined)).toBe(false);
    expect(compared).toHaveBeenCalledOnce();
    const [, unknown] = compared.mock.calls[0] as [string, string];
    const real = await hasher.hash('x');
    expect([unknown.length, unknown.slice(0, 7)]).toEqual([real.length, real.slice(0, 7)]);
  });

  it('takes about as long for an unknown user as for a known one', async () => {
    const slow = passwordHasher(pepper('a pepper of some length'), 9);
    const stored = await slow.hash('correct-horse-7');
    const measure = async (hash: string | undefined): Promise<number> => {
      // CPU time of this process, so that other processes on the machine do not count.
      const before = process.cpuUsage();
      await slow.verify('not-the-password', hash);
      return process.cpuUsage(before).user;
    };
    // The smallest of turns, since other threads of this process count and only add.
    let [known, unknown] = [Infinity, Infinity];
    for (let round = 0; round < 9; round += 1) {
      known = Math.min(known, await measure(stored));
      unknown = Math.min(unknown, await measure(undefined));
    }
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(2);
  });
});
