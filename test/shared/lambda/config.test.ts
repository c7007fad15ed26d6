import { describe, expect, it } from 'vitest';
import { readConfig, variables, type Variable } from '../../../shared/lambda/config.ts';

describe('the configuration', () => {
  it('names everything that is missing or wrong at once', () => {
    const environment = { STAGE: '', BCRYPT_COST: '99', ALLOW_QUERY_TOKEN: 'maybe', HEARTBEAT_SECONDS: '25' };
    const names = ['TABLE_NAME', 'STAGE', 'BCRYPT_COST', 'ALLOW_QUERY_TOKEN', 'HEARTBEAT_SECONDS'] as const;
    expect(() => readConfig(names, environment)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/TABLE_NAME.*STAGE.*BCRYPT_COST.*ALLOW_QUERY_TOKEN/),
      }),
    );
    expect(() => readConfig(names, environment)).not.toThrow(/HEARTBEAT/);
  });

  it('reads flags, numbers and lists', () => {
    const environment = {
      CREATE_ROOMS_ON_CONNECT: 'true',
      ALLOW_QUERY_TOKEN: '0',
      ROTATE_REFRESH_TOKENS: 'FALSE',
      ACCESS_TOKEN_LIFETIME_MINUTES: '0.5',
      HEARTBEAT_SECONDS: '25',
      ALLOWED_ORIGINS: ' https://a.example, ,https://b.example ',
    };
    expect(readConfig(Object.keys(environment) as Variable[], environment)).toEqual({
      CREATE_ROOMS_ON_CONNECT: true,
      ALLOW_QUERY_TOKEN: false,
      ROTATE_REFRESH_TOKENS: false,
      ACCESS_TOKEN_LIFETIME_MINUTES: 0.5,
      HEARTBEAT_SECONDS: 25,
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
    });
  });

  it('allows no origins when the list is empty, rather than all', () => {
    expect(readConfig(['ALLOWED_ORIGINS'], { ALLOWED_ORIGINS: '' })).toEqual({ ALLOWED_ORIGINS: [] });
  });

  it.each(Object.keys(variables) as Variable[])('does without no %s that is asked for', (name) => {
    expect(() => readConfig([name], {})).toThrow(name);
  });

  it.each([
    ['HEARTBEAT_SECONDS', '0'],
    ['HEARTBEAT_SECONDS', '1.5'],
    ['MESSAGES_PER_10_SECONDS', '-1'],
    ['REFRESH_TOKEN_LIFETIME_DAYS', 'x'],
    ['ACCESS_TOKEN_LIFETIME_MINUTES', ''],
  ] as const)('refuses %s=%s', (name, value) => {
    expect(() => readConfig([name], { [name]: value })).toThrow(name);
  });

  it('does not echo a value', () => {
    expect(() => readConfig(['BCRYPT_COST'], { BCRYPT_COST: 'canary' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    );
  });
});
