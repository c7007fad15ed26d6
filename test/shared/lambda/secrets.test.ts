import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SecretsManagerError, type SecretValues } from '../../../shared/aws/secret-values.ts';
import { secretReader } from '../../../shared/lambda/secrets.ts';

const secret = (key: string): string => JSON.stringify({ key });
const first = 'a key that is long enough';
const second = 'another that is long enough';

let now = 0;
const warn = vi.fn();
const add = vi.fn();
const current = vi.fn<() => Promise<string>>();
const previous = vi.fn<() => Promise<string>>();
const values: SecretValues = {
  get: (_, versionStage) => (versionStage === 'AWSCURRENT' ? current() : previous()),
};
const reader = () =>
  secretReader('id', { values, clock: { now: () => now }, logger: { warn }, metrics: { add } });
const requests = () => current.mock.calls.length;

beforeEach(() => {
  now = 0;
  warn.mockReset();
  add.mockReset();
  current.mockReset().mockResolvedValue(secret(first));
  previous.mockReset().mockRejectedValue(new SecretsManagerError('ResourceNotFoundException', 'none'));
});

describe('a secret', () => {
  it('is fetched once for concurrent readers', async () => {
    const secrets = reader();
    expect(await Promise.all([secrets.current(), secrets.all(), secrets.current()])).toEqual([
      first,
      [first],
      first,
    ]);
    expect(requests()).toBe(1);
  });

  it('is followed by its previous version when there is one', async () => {
    previous.mockResolvedValue(secret(second));
    expect(await reader().all()).toEqual([first, second]);
  });

  it('is fetched again after five minutes, so that a rotation takes effect', async () => {
    const secrets = reader();
    await secrets.all();
    current.mockResolvedValue(secret(second));
    previous.mockResolvedValue(secret(first));
    now = 300_000;
    expect(await secrets.all()).toEqual([first]);
    now = 300_001;
    expect(await secrets.all()).toEqual([second, first]);
  });

  it('is fetched again for an unknown key at most every ten seconds', async () => {
    const secrets = reader();
    await secrets.all();
    current.mockResolvedValue(secret(second));
    now = 10_000;
    expect(await secrets.newest()).toEqual([first]);
    now = 10_001;
    expect([await secrets.newest(), await secrets.newest()]).toEqual([[second], [second]]);
    expect(requests()).toBe(2);
  });

  it('is fetched again after a failure', async () => {
    current.mockRejectedValueOnce(new Error('no answer'));
    const secrets = reader();
    await expect(secrets.current()).rejects.toThrow('no answer');
    expect(await secrets.current()).toBe(first);
  });

  describe('that cannot be refreshed', () => {
    const outage = new Error('no answer');
    const minutes = (count: number): number => count * 60_000;

    it('is used for an hour after it was fetched, and no longer', async () => {
      const secrets = reader();
      await secrets.all();
      current.mockRejectedValue(outage);
      now = minutes(60);
      expect([await secrets.all(), await secrets.current()]).toEqual([[first], first]);
      now = minutes(60) + 1;
      await expect(secrets.all()).rejects.toBe(outage);
      await expect(secrets.current()).rejects.toBe(outage);
    });

    it('is fetched at most every ten seconds, however often it is used', async () => {
      const secrets = reader();
      await secrets.all();
      current.mockRejectedValue(outage);
      now = minutes(6);
      await secrets.all();
      now += 10_000;
      await secrets.all();
      expect(requests()).toBe(2);
      now += 1;
      await secrets.all();
      expect(requests()).toBe(3);
    });

    it('is reported with its age and the number of failures in a row', async () => {
      const secrets = reader();
      await secrets.all();
      current.mockRejectedValue(outage);
      now = minutes(6);
      await secrets.all();
      now = minutes(7);
      await secrets.all();
      expect(warn.mock.calls.map(([, fields]) => fields)).toEqual([
        { secretId: 'id', ageSeconds: 360, failures: 1, error: outage },
        { secretId: 'id', ageSeconds: 420, failures: 2, error: outage },
      ]);
      expect(add.mock.calls).toEqual([
        ['SecretRefreshesFailed', 1],
        ['SecretRefreshesFailed', 1],
      ]);
    });

    it('says nothing about an unknown key, which may be a newer one', async () => {
      const secrets = reader();
      await secrets.all();
      current.mockRejectedValue(outage);
      now = 10_001;
      await expect(secrets.newest()).rejects.toBe(outage);
      await expect(secrets.newest()).rejects.toBe(outage);
      expect(requests()).toBe(2);
      expect(await secrets.all()).toEqual([first]);
    });

    it('is used again as usual after the outage', async () => {
      const secrets = reader();
      await secrets.all();
      current.mockRejectedValue(outage);
      now = minutes(6);
      await secrets.all();
      current.mockResolvedValue(secret(second));
      now = minutes(7);
      expect(await secrets.all()).toEqual([second]);
      now = minutes(12);
      expect([await secrets.all(), requests()]).toEqual([[second], 3]);
    });
  });

  it('cannot be read when reading its previous version fails with an error other than ResourceNotFound', async () => {
    previous.mockRejectedValue(new Error('not allowed'));
    await expect(reader().all()).rejects.toThrow('not allowed');
  });

  it.each([
    ['nothing', 'null'],
    ['no JSON', 'key'],
    ['a short key', '{"key":"short"}'],
    ['no key', '{}'],
  ])('is refused when it holds %s', async (_, text) => {
    current.mockResolvedValue(text);
    await expect(reader().all()).rejects.toBeInstanceOf(Error);
  });
});
