import { describe, expect, it } from 'vitest';
import { loginUser } from '../../../../shared/domain/accounts/login-user.ts';
import { fakeAccounts, password, settings } from '../accounts/people.ts';

async function annExists(changes: Partial<typeof settings> = {}) {
  const accounts = fakeAccounts();
  await accounts.register('ann');
  const tryIn = (given: string, address = '10.0.0.1', username = 'ann') =>
    loginUser(accounts.ports, { username, password: given, address }, { ...settings, ...changes });
  return { ...accounts, tryIn };
}

const codesOf = async (tries: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(tries)).map((one) => (one.status === 'fulfilled' ? 'in' : one.reason.code));

const limited = { code: 'rate_limited' };
const invalid = { code: 'invalid_credentials' };

describe('logins that fail', () => {
  it('are counted before they are tried: a burst of guesses at once does not pass the limit', async () => {
    const { ports, tryIn } = await annExists();
    const codes = await codesOf(Array.from({ length: 50 }, (_, at) => tryIn(`guess-${at}`)));
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(settings.failuresPerAccount);
    expect(ports.passwords.verify).toHaveBeenCalledTimes(settings.failuresPerAccount);
  });

  it('are the same burst for an address, whichever names it tries', async () => {
    const { ports, tryIn } = await annExists();
    await codesOf(Array.from({ length: 50 }, (_, at) => tryIn('guess', '10.0.0.1', `name-${at}`)));
    expect(ports.passwords.verify).toHaveBeenCalledTimes(settings.failuresPerAddress);
  });

  it('do not count when they succeed, however many at once or one after the other', async () => {
    const { tryIn } = await annExists();
    for (let round = 0; round < 10; round += 1) await expect(tryIn(password)).resolves.toBeDefined();
    await expect(tryIn('wrong')).rejects.toMatchObject(invalid);
  });

  it('that are refused do not count: they do not fill the limit of the address', async () => {
    const { tryIn } = await annExists();
    for (let count = 0; count < 40; count += 1) await tryIn('wrong').catch(() => undefined);
    await expect(tryIn('wrong')).rejects.toMatchObject(limited);
    await expect(tryIn('wrong', '10.0.0.1', 'bob')).rejects.toMatchObject(invalid);
  });

  it('are limited for an account from many addresses together', async () => {
    const { ports, tryIn } = await annExists();
    const addresses = Array.from({ length: 200 }, (_, at) => `10.1.0.${at}`);
    const codes = await codesOf(addresses.map((address) => tryIn('wrong', address)));
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(30);
    expect(ports.passwords.verify).toHaveBeenCalledTimes(30);
  });

  it('from everywhere do not keep the owner out who has signed in from there before', async () => {
    const { ports, tryIn } = await annExists();
    await tryIn(password, '10.0.0.77');
    ports.clock.pass(31 * 86_400_000);
    await codesOf(Array.from({ length: 200 }, (_, at) => tryIn('wrong', `10.1.0.${at}`)));
    await expect(tryIn(password, '10.0.0.78')).rejects.toMatchObject(limited);
    await expect(tryIn(password, '10.0.0.77')).resolves.toBeDefined();
    // Known, it is limited as every address is.
    for (let count = 0; count < 3; count += 1)
      await expect(tryIn('wrong', '10.0.0.77')).rejects.toMatchObject(invalid);
    await expect(tryIn(password, '10.0.0.77')).rejects.toMatchObject(limited);
  });

  it('are forgotten with their window', async () => {
    const { ports, tryIn } = await annExists();
    await codesOf(Array.from({ length: 200 }, (_, at) => tryIn('wrong', `10.1.0.${at}`)));
    ports.clock.pass(15 * 60_000);
    await expect(tryIn(password, '10.0.0.78')).resolves.toBeDefined();
  });

  it('make a new address of the owner wait a second, however long strangers go on', async () => {
    const { ports, tryIn } = await annExists();
    const strangers = Array.from({ length: 200 }, (_, at) => `10.1.0.${at}`);
    const guessEverywhere = () => codesOf(strangers.map((address) => tryIn('wrong', address)));
    for (let second = 0; second < 60; second += 1) {
      await guessEverywhere();
      ports.clock.pass(1_000);
    }
    await expect(tryIn(password, '10.0.0.78')).rejects.toMatchObject({ ...limited, retryAfterMs: 1_000 });
    await guessEverywhere();
    ports.clock.pass(1_000);
    await expect(tryIn(password, '10.0.0.78')).resolves.toBeDefined();
  });

  it('are put off for a pause that grows with each of them, up to fifteen minutes', async () => {
    const { ports, tryIn } = await annExists({ failuresPerAddress: 10_000 });
    for (let count = 0; count < settings.failuresPerAccount; count += 1)
      await expect(tryIn('wrong')).rejects.toMatchObject(invalid);
    const pauses: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      const refused = await tryIn('wrong').catch((error: { retryAfterMs?: number }) => error);
      const { retryAfterMs = 0 } = refused as { retryAfterMs?: number };
      ports.clock.pass(retryAfterMs - 1);
      await expect(tryIn('wrong')).rejects.toMatchObject({ ...limited, retryAfterMs: 1 });
      ports.clock.pass(1);
      pauses.push(retryAfterMs / 1_000);
      await expect(tryIn('wrong')).rejects.toMatchObject(invalid);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900]);
  });

  it('that wait together get one guess for each pause', async () => {
    const { ports, tryIn } = await annExists({ failuresPerAddress: 10_000 });
    const burst = () => codesOf(Array.from({ length: 20 }, () => tryIn('wrong')));
    await burst();
    ports.clock.pass(30_000);
    expect((await burst()).filter((code) => code === 'invalid_credentials')).toHaveLength(1);
  });

  it('come to a bounded number in a day, whatever they wait for', async () => {
    const { ports, tryIn } = await annExists({ failuresPerAddress: 10_000 });
    const addresses = Array.from({ length: 40 }, (_, at) => `10.1.0.${at}`);
    for (let turn = 0; turn < 24 * 20; turn += 1) {
      await codesOf(addresses.map((address) => tryIn('wrong', address)));
      ports.clock.pass(180_000);
    }
    const free = 30 * 24 * 4;
    const paused = 110;
    expect(ports.passwords.verify.mock.calls.length).toBeLessThan(free + addresses.length * paused);
  }, 30_000);

  it('make an address wait no longer than at first once its user has signed in from there', async () => {
    const { ports, tryIn } = await annExists({ failuresPerAddress: 10_000 });
    for (let count = 0; count < 6; count += 1) {
      await tryIn('wrong').catch(() => undefined);
      ports.clock.pass(60_000);
    }
    ports.clock.pass(120_000);
    await expect(tryIn(password)).resolves.toBeDefined();
    await expect(tryIn('wrong')).rejects.toMatchObject({ ...limited, retryAfterMs: 30_000 });
    ports.clock.pass(15 * 60_000);
    await expect(tryIn('wrong')).rejects.toMatchObject(invalid);
  });

  it('of a name that nobody has are limited alike', async () => {
    const { tryIn } = await annExists();
    const known = await codesOf(Array.from({ length: 10 }, () => tryIn('wrong', '10.0.0.1', 'ann')));
    const unknown = await codesOf(Array.from({ length: 10 }, () => tryIn('wrong', '10.0.0.2', 'nobody')));
    expect(unknown).toEqual(known);
  });

  it('leave no trace of addresses but in their own counters', async () => {
    const { ports, tryIn } = await annExists();
    const scopes: string[] = [];
    const { hit } = ports.limits;
    ports.limits.hit = async (...given) => (scopes.push(given[0]), hit(...given));
    await tryIn(password, '10.0.0.77');
    const lasting = scopes.filter((scope) => scope.startsWith('known/'));
    expect(lasting).toHaveLength(1);
    expect(lasting[0]).not.toContain('10.0.0.77');
  });
});

describe('logins that succeed', () => {
  it('are limited for an account in an hour, from all addresses together, before a password is compared', async () => {
    const { ports, tryIn } = await annExists({ loginsPerHour: 5 });
    for (let count = 0; count < 5; count += 1)
      await expect(tryIn(password, `10.0.0.${count}`)).resolves.toBeDefined();
    ports.passwords.verify.mockClear();
    await expect(tryIn(password, '10.0.0.9')).rejects.toMatchObject({ ...limited, retryAfterMs: 3_600_000 });
    await expect(tryIn('wrong', '10.0.0.9')).rejects.toMatchObject(limited);
    expect(ports.passwords.verify).not.toHaveBeenCalled();
    ports.clock.pass(3_600_000);
    await expect(tryIn(password)).resolves.toBeDefined();
  });

  it('are as many of those that come at the same moment', async () => {
    const { ports, tryIn } = await annExists({
      loginsPerHour: 5,
      failuresPerAccount: 100,
      failuresPerAddress: 100,
    });
    const codes = await codesOf(Array.from({ length: 20 }, () => tryIn(password)));
    expect(codes.filter((code) => code === 'in')).toHaveLength(5);
    expect(ports.sessions.all.size).toBe(5);
  });
});
