import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultProvider } from '../../../shared/aws/environment-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

function stub(names: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(names)) vi.stubEnv(name, value);
}

describe('the credentials of a function', () => {
  it('are read from the variables that Lambda sets', async () => {
    stub({ AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
    expect(await defaultProvider()()).toEqual({
      accessKeyId: 'ASIA',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  it('have no session token for a user without one', async () => {
    stub({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: undefined });
    expect(await defaultProvider()()).toEqual({ accessKeyId: 'AKIA', secretAccessKey: 'secret' });
  });

  it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
    'are refused with the names of the variables without %s',
    async (name) => {
      stub({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', [name]: undefined });
      await expect(defaultProvider()()).rejects.toThrow('AWS_SECRET_ACCESS_KEY are not set');
    },
  );
});
