import { describe, expect, it } from 'vitest';
import { loginUser } from '../../../../shared/domain/accounts/login-user.ts';
import { memoryAccounts, password, settings } from '../accounts/memory-accounts.ts';

async function registerAnn(changes: Partial<typeof settings> = {}) {
  const accounts = memoryAccounts();
  await accounts.register('ann');
  const login = (presented: string, address = '10.0.0.1', username = 'ann') =>
    loginUser(accounts.ports, { username, password: presented, address }, { ...settings, ...changes });
  return { ...accounts, login };
}

const codesOf = async (logins: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(logins)).map((outcome) =>
    outcome.status === 'fulfilled' ? 'in' : outcome.reason.code,
  );

const limited = { code: 'rate_limited' };
const invalid = { code: 'invalid_credentials' };

describe('failed logins', () => {
  it('are counted before the password is compared, so a burst cannot exceed the limit', async () => {
    const { ports, login } = await registerAnn();
    const codes = await codesOf(Array.from({ length: 50 }, (_, index) => login(`guess-${index}`)));
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(settings.failuresPerAccount);
    expect(ports.passwords.verify).toHaveBeenCalledTimes(settings.failuresPerAccount);
  });

  it('are limited per address, whatever usernames it tries', async () => {
    const { ports, login } = await registerAnn();
    await codesOf(Array.from({ length: 50 }, (_, index) => login('guess', '10.0.0.1', `name-${index}`)));
    expect(ports.passwords.verify).toHaveBeenCalledTimes(settings.failuresPerAddress);
  });

  it('do not include logins that succeed', async () => {
    const { login } = await registerAnn();
    for (let round = 0; round < 10; round += 1) await expect(login(password)).resolves.toBeDefined();
    await expect(login('wrong')).rejects.toMatchObject(invalid);
  });

  it('are not counted when they are refused, so refusals do not use up the limit of the address', async () => {
    const { login } = await registerAnn();
    for (let count = 0; count < 40; count += 1) await login('wrong').catch(() => undefined);
    await expect(login('wrong')).rejects.toMatchObject(limited);
    await expect(login('wrong', '10.0.0.1', 'bob')).rejects.toMatchObject(invalid);
  });

  it('are limited per account, from all addresses together', async () => {
    const { ports, login } = await registerAnn();
    const addresses = Array.from({ length: 200 }, (_, index) => `10.1.0.${index}`);
    const codes = await codesOf(addresses.map((address) => login('wrong', address)));
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(30);
    expect(ports.passwords.verify).toHaveBeenCalledTimes(30);
  });

  it('from many addresses do not lock the owner out of an address they have signed in from before', async () => {
    const { ports, login } = await registerAnn();
    await login(password, '10.0.0.77');
    ports.clock.pass(31 * 86_400_000);
    await codesOf(Array.from({ length: 200 }, (_, index) => login('wrong', `10.1.0.${index}`)));
    await expect(login(password, '10.0.0.78')).rejects.toMatchObject(limited);
    await expect(login(password, '10.0.0.77')).resolves.toBeDefined();
    // A known address is still limited as every single address is.
    for (let count = 0; count < 3; count += 1)
      await expect(login('wrong', '10.0.0.77')).rejects.toMatchObject(invalid);
    await expect(login(password, '10.0.0.77')).rejects.toMatchObject(limited);
  });

  it('are forgotten when their window ends', async () => {
    const { ports, login } = await registerAnn();
    await codesOf(Array.from({ length: 200 }, (_, index) => login('wrong', `10.1.0.${index}`)));
    ports.clock.pass(15 * 60_000);
    await expect(login(password, '10.0.0.78')).resolves.toBeDefined();
  });

  it('from many addresses make the owner on a new address wait one second, however long they continue', async () => {
    const { ports, login } = await registerAnn();
    const strangers = Array.from({ length: 200 }, (_, index) => `10.1.0.${index}`);
    const guessEverywhere = () => codesOf(strangers.map((address) => login('wrong', address)));
    for (let second = 0; second < 60; second += 1) {
      await guessEverywhere();
      ports.clock.pass(1_000);
    }
    await expect(login(password, '10.0.0.78')).rejects.toMatchObject({ ...limited, retryAfterMs: 1_000 });
    await guessEverywhere();
    ports.clock.pass(1_000);
    await expect(login(password, '10.0.0.78')).resolves.toBeDefined();
  });

  it('must wait for a pause that doubles with each of them, up to fifteen minutes', async () => {
    const { ports, login } = await registerAnn({ failuresPerAddress: 10_000 });
    for (let count = 0; count < settings.failuresPerAccount; count += 1)
      await expect(login('wrong')).rejects.toMatchObject(invalid);
    const pauses: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      const refused = await login('wrong').catch((error: { retryAfterMs?: number }) => error);
      const { retryAfterMs = 0 } = refused as { retryAfterMs?: number };
      ports.clock.pass(retryAfterMs - 1);
      await expect(login('wrong')).rejects.toMatchObject({ ...limited, retryAfterMs: 1 });
      ports.clock.pass(1);
      pauses.push(retryAfterMs / 1_000);
      await expect(login('wrong')).rejects.toMatchObject(invalid);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900]);
  });

  it('at the same moment are admitted once per pause', async () => {
    const { ports, login } = await registerAnn({ failuresPerAddress: 10_000 });
    const burst = () => codesOf(Array.from({ length: 20 }, () => login('wrong')));
    await burst();
    ports.clock.pass(30_000);
    expect((await burst()).filter((code) => code === 'invalid_credentials')).toHaveLength(1);
  });

  it('of one account are bounded per day, even when every pause is waited for', async () => {
    const { ports, login } = await registerAnn({ failuresPerAddress: 10_000 });
    const addresses = Array.from({ length: 40 }, (_, index) => `10.1.0.${index}`);
    for (let round = 0; round < 24 * 20; round += 1) {
      await codesOf(addresses.map((address) => login('wrong', address)));
      ports.clock.pass(180_000);
    }
    const free = 30 * 24 * 4;
    const paused = 110;
    expect(ports.passwords.verify.mock.calls.length).toBeLessThan(free + addresses.length * paused);
  }, 30_000);

  it('start again with the first pause after a successful login from the same address', async () => {
    const { ports, login } = await registerAnn({ failuresPerAddress: 10_000 });
    for (let count = 0; count < 6; count += 1) {
      await login('wrong').catch(() => undefined);
      ports.clock.pass(60_000);
    }
    ports.clock.pass(120_000);
    await expect(login(password)).resolves.toBeDefined();
    await expect(login('wrong')).rejects.toMatchObject({ ...limited, retryAfterMs: 30_000 });
    ports.clock.pass(15 * 60_000);
    await expect(login('wrong')).rejects.toMatchObject(invalid);
  });

  it('of an unknown username are limited like those of a known one', async () => {
    const { login } = await registerAnn();
    const known = await codesOf(Array.from({ length: 10 }, () => login('wrong', '10.0.0.1', 'ann')));
    const unknown = await codesOf(Array.from({ length: 10 }, () => login('wrong', '10.0.0.2', 'unknown')));
    expect(unknown).toEqual(known);
  });

  it('leave no address in counters that outlive the window', async () => {
    const { ports, login } = await registerAnn();
    const scopes: string[] = [];
    const { hit } = ports.limits;
    ports.limits.hit = async (...args) => (scopes.push(args[0]), hit(...args));
    await login(password, '10.0.0.77');
    const lasting = scopes.filter((scope) => scope.startsWith('known/'));
    expect(lasting).toHaveLength(1);
    expect(lasting[0]).not.toContain('10.0.0.77');
  });
});

describe('successful logins', () => {
  it('are limited per account and hour, and refused before the password is compared', async () => {
    const { ports, login } = await registerAnn({ loginsPerHour: 5 });
    for (let count = 0; count < 5; count += 1)
      await expect(login(password, `10.0.0.${count}`)).resolves.toBeDefined();
    ports.passwords.verify.mockClear();
    await expect(login(password, '10.0.0.9')).rejects.toMatchObject({ ...limited, retryAfterMs: 3_600_000 });
    await expect(login('wrong', '10.0.0.9')).rejects.toMatchObject(limited);
    expect(ports.passwords.verify).not.toHaveBeenCalled();
    ports.clock.pass(3_600_000);
    await expect(login(password)).resolves.toBeDefined();
  });

  it('are limited also when they are made at the same moment', async () => {
    const { ports, login } = await registerAnn({
      loginsPerHour: 5,
      failuresPerAccount: 100,
      failuresPerAddress: 100,
    });
    const codes = await codesOf(Array.from({ length: 20 }, () => login(password)));
    expect(codes.filter((code) => code === 'in')).toHaveLength(5);
    expect(ports.sessions.all.size).toBe(5);
  });
});
