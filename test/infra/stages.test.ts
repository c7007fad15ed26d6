import { describe, expect, it } from 'vitest';
import { stageSettings, variablesFor } from '../../infra/stages.ts';
import { stageNames } from '../../shared/settings/setting.ts';
import { settingRows, type StageSettings } from '../../shared/settings/settings.ts';
import { environmentOf, onlyOf, stackOf, synthesize } from './synthesized.ts';

describe('a stage', () => {
  it.each(stageNames)('%s synthesizes', (stage) => {
    expect(onlyOf(synthesize(stage), 'AWS::DynamoDB::GlobalTable')).toBeDefined();
  });

  it('is refused by a message that lists the known stages when it is unknown', () => {
    expect(() => stageSettings('toString')).toThrow(
      'Unknown stage "toString": choose one of local, dev, staging, prod',
    );
    expect(() => stackOf('production')).toThrow('Unknown stage "production"');
  });

  it('has the token lifetimes of the predecessor by default', () => {
    for (const stage of stageNames) {
      expect(stageSettings(stage)).toMatchObject({
        accessTokenLifetimeMinutes: 5,
        refreshTokenLifetimeDays: 1,
        rotateRefreshTokens: true,
        blacklistAfterRotation: true,
      });
    }
  });

  it('has the limits of dev when it is local', () => {
    const dev = stageSettings('dev');
    expect(stageSettings('local')).toEqual({ ...dev, bcryptCost: 8, streamParallelization: 1 });
  });

  it('accepts a token in the query string unless it is production', () => {
    const allowed = stageNames.map((stage) => [
      stage,
      environmentOf(synthesize(stage), 'connect')['ALLOW_QUERY_TOKEN'],
    ]);
    expect(Object.fromEntries(allowed)).toEqual({
      local: 'true',
      dev: 'true',
      staging: 'false',
      prod: 'false',
    });
  });

  it('has the settings of prod when it is staging', () => {
    expect(stageSettings('staging')).toEqual(stageSettings('prod'));
  });
});

/** A variable with a value that is not the default, a function that gets it, and the value there. */
const passedOn = [
  ['ACCESS_TOKEN_LIFETIME_MINUTES', '30', 'accounts', '30'],
  ['ACCESS_TOKEN_LIFETIME_MINUTES', '1.5', 'accounts', '1.5'],
  ['REFRESH_TOKEN_LIFETIME_DAYS', '7', 'accounts', '7'],
  ['ROTATE_REFRESH_TOKENS', 'False', 'accounts', 'false'],
  ['BLACKLIST_AFTER_ROTATION', '0', 'accounts', 'false'],
  ['BCRYPT_COST', '12', 'accounts', '12'],
  ['LOGIN_FAILURES_PER_ACCOUNT', '5', 'accounts', '5'],
  ['LOGIN_FAILURES_PER_ADDRESS', '50', 'accounts', '50'],
  ['LOGINS_PER_ACCOUNT_PER_HOUR', '60', 'accounts', '60'],
  ['REGISTRATIONS_PER_ADDRESS_PER_HOUR', '3', 'accounts', '3'],
  ['CREATE_ROOMS_ON_CONNECT', 'false', 'connect', 'false'],
  ['ALLOW_QUERY_TOKEN', 'True', 'connect', 'true'],
  [
    'ALLOWED_ORIGINS',
    'https://a.example, http://localhost:5173',
    'connect',
    'https://a.example,http://localhost:5173',
  ],
  ['HEARTBEAT_SECONDS', '60', 'tableStream', '60'],
  ['MESSAGES_PER_10_SECONDS', '5', 'message', '5'],
  ['RECONNECT_AFTER_MINUTES', '0.05', 'message', '0.05'],
  ['RECONNECT_AFTER_MINUTES', '60', 'tableStream', '60'],
  ['RECONNECT_AFTER_MINUTES', '60', 'fanOut', '60'],
] as const;

describe('the environment at synthesis', () => {
  it.each(passedOn)('%s=%s reaches %s as %s', (variable, text, name, value) => {
    expect(environmentOf(synthesize('prod'), name)[variable]).not.toBe(value);
    // All together in one synthesis, since one for each takes most of the time of this file.
    const others = Object.fromEntries(passedOn);
    const template = synthesize('prod', { ...others, [variable]: text, WEB_PAGE: 'false' });
    expect(environmentOf(template, name)[variable]).toBe(value);
  });

  it.each([
    ['ROTATE_REFRESH_TOKENS', 'yes'],
    ['BLACKLIST_AFTER_ROTATION', 'TRUE'],
    ['ACCESS_TOKEN_LIFETIME_MINUTES', '0'],
    ['ACCESS_TOKEN_LIFETIME_MINUTES', '1e2'],
    ['RECONNECT_AFTER_MINUTES', '0'],
    ['RECONNECT_AFTER_MINUTES', '101'],
    ['REFRESH_TOKEN_LIFETIME_DAYS', '1.5'],
    ['REFRESH_TOKEN_LIFETIME_DAYS', '-1'],
    ['BCRYPT_COST', '31'],
    ['LOGIN_FAILURES_PER_ACCOUNT', '0'],
    ['LOGIN_FAILURES_PER_ADDRESS', 'many'],
    ['REGISTRATIONS_PER_ADDRESS_PER_HOUR', '1.5'],
    ['BCRYPT_COST', '0x0a'],
    ['HEARTBEAT_SECONDS', '600'],
    ['MESSAGES_PER_10_SECONDS', 'many'],
    ['ALLOWED_ORIGINS', 'https://a.example/path'],
    ['ALLOWED_ORIGINS', 'a.example'],
  ])('%s=%s is refused with an error that names the variable and the value', (variable, text) => {
    expect(() => stageSettings('dev', { [variable]: text })).toThrow(`${variable} is "${text}", expected`);
  });

  it('is refused with all invalid values in one error', () => {
    const environment = { BCRYPT_COST: 'x', HEARTBEAT_SECONDS: 'y' };
    expect(() => stackOf('dev', { environment })).toThrow(/BCRYPT_COST.*HEARTBEAT_SECONDS/);
  });

  it('changes nothing when a variable is empty or unknown', () => {
    expect(stageSettings('prod', { BCRYPT_COST: '', HOME: '/root' })).toEqual(stageSettings('prod'));
  });

  it.each(stageNames)(
    'leads to the settings of %s when it holds the variables of those settings',
    (stage) => {
      const settings: StageSettings = { ...stageSettings(stage), allowedOrigins: ['https://a.example'] };
      expect(stageSettings('dev', variablesFor(settings))).toEqual({ ...settings, alarmEmail: undefined });
    },
  );
});

describe('a row of the settings', () => {
  it.each(settingRows.filter(([name]) => name !== 'alarmEmail'))('%s accepts its own defaults', (_, row) => {
    for (const stage of stageNames) {
      const value = row.defaults[stage];
      expect(row.parser.parse(String(value))).toEqual(value);
    }
  });

  it('has a variable of its own', () => {
    const variables = settingRows.map(([, { variable }]) => variable);
    expect(new Set(variables).size).toBe(variables.length);
  });
});
