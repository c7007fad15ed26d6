import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../shared/lambda/config.ts';
import { settingRows } from '../../../shared/settings/settings.ts';
import { stackValueRows } from '../../../shared/settings/stack-values.ts';

const rows = [...stackValueRows, ...settingRows];

/** A complete environment for every function: the defaults of `dev`, and a text for each stack value. */
const complete: Readonly<Record<string, string>> = Object.fromEntries([
  ...stackValueRows.map(([, { variable }]) => [variable, 'filled-in']),
  ...settingRows.map(([, { variable, defaults }]) => [variable, String(defaults.dev)]),
]);

/** The message of the error that is thrown when some variables are replaced. */
function refusal(...[name, changes]: [Parameters<typeof readConfig>[0], Record<string, string>]): string {
  try {
    readConfig(name, { ...complete, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('readConfig', () => {
  it('names every variable that is missing or not accepted in one error', () => {
    const { TABLE_NAME: _, ...incomplete } = complete;
    const environment = {
      ...incomplete,
      BCRYPT_COST: '99',
      ROTATE_REFRESH_TOKENS: 'maybe',
      TOKEN_ISSUER: '',
    };
    expect(() => readConfig('accounts', environment)).toThrow(
      'Invalid environment of accounts: TABLE_NAME is missing, expected a text that is not empty; ' +
        'TOKEN_ISSUER is "", expected a text that is not empty; ' +
        'ROTATE_REFRESH_TOKENS is "maybe", expected True, true, 1, False, false or 0; ' +
        'BCRYPT_COST is "99", expected a whole number from 4 to 15',
    );
  });

  it('reads booleans, numbers, lists and texts', () => {
    const environment = {
      ...complete,
      CREATE_ROOMS_ON_CONNECT: 'true',
      ALLOW_QUERY_TOKEN: '0',
      ROTATE_REFRESH_TOKENS: 'False',
      ACCESS_TOKEN_LIFETIME_MINUTES: '0.5',
      HEARTBEAT_SECONDS: '25',
      ALLOWED_ORIGINS: ' https://a.example, ,https://b.example ',
    };
    expect(readConfig('connect', environment)).toMatchObject({
      tableName: 'filled-in',
      createRoomsOnConnect: true,
      allowQueryToken: false,
      allowedOrigins: ['https://a.example', 'https://b.example'],
    });
    expect(readConfig('accounts', environment)).toMatchObject({
      rotateRefreshTokens: false,
      accessTokenLifetimeMinutes: 0.5,
    });
    expect(readConfig('tableStream', environment)).toMatchObject({ heartbeatSeconds: 25 });
  });

  it('allows no origin when the list is empty', () => {
    expect(readConfig('connect', { ...complete, ALLOWED_ORIGINS: '' }).allowedOrigins).toEqual([]);
  });

  it('reads the values whose rows name the function, and no others', () => {
    const granted = rows.filter(([, { readBy }]) => readBy.includes('fanOut')).map(([name]) => name);
    expect(Object.keys(readConfig('fanOut', complete)).toSorted()).toEqual(granted.toSorted());
  });

  it.each(rows.filter(([, { readBy }]) => readBy.length > 0))(
    'refuses an environment without %s',
    (_, row) => {
      const { [row.variable]: _removed, ...incomplete } = complete;
      for (const name of row.readBy) {
        expect(() => readConfig(name, incomplete)).toThrow(`${row.variable} is missing`);
      }
    },
  );

  it.each([
    ['message', 'HEARTBEAT_SECONDS', '0'],
    ['message', 'HEARTBEAT_SECONDS', '1.5'],
    ['message', 'MESSAGES_PER_10_SECONDS', '-1'],
    ['accounts', 'REFRESH_TOKEN_LIFETIME_DAYS', 'x'],
    ['accounts', 'ACCESS_TOKEN_LIFETIME_MINUTES', ''],
  ] as const)('refuses for %s the environment with %s=%s', (name, variable, text) => {
    expect(refusal(name, { [variable]: text })).toContain(`${variable} is "${text}"`);
  });

  it('does not echo the values of variables that are accepted', () => {
    expect(refusal('accounts', { BCRYPT_COST: 'x', TABLE_NAME: 'secret-marker' })).not.toContain(
      'secret-marker',
    );
  });
});
