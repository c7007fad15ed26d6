/**
 * What a function is told by its environment: read and checked once, at cold start, all faults named at once. By hand,
 * since schemas for it would be a sixth of the time that a function takes to load, and some need no others.
 */

/** From the text of a variable to its value; throws with what the text should have been. */
type Reader<T> = (text: string) => T;

const number =
  ({ above, from, to, whole = false }: { above?: number; from?: number; to?: number; whole?: boolean }) =>
  (text: string): number => {
    const value = Number(text);
    const isRight =
      text.trim() !== '' &&
      Number.isFinite(value) &&
      (above === undefined || value > above) &&
      (from === undefined || value >= from) &&
      (to === undefined || value <= to) &&
      (!whole || Number.isSafeInteger(value));
    if (isRight) return value;
    const bounds = [above !== undefined && `above ${above}`, from !== undefined && `from ${from}`];
    throw new Error(
      [whole ? 'a whole number' : 'a number', ...bounds, to !== undefined && `up to ${to}`]
        .filter((part) => part !== false)
        .join(' '),
    );
  };

const positive = number({ above: 0, whole: true });

const flag: Reader<boolean> = (text) => {
  if (!/^(true|false|1|0)$/i.test(text)) throw new Error('true or false');
  return /^(true|1)$/i.test(text);
};

const list: Reader<string[]> = (text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const text: Reader<string> = (given) => {
  if (given === '') throw new Error('a text');
  return given;
};

/** Every variable that some function reads. */
export const variables = {
  TABLE_NAME: text,
  STAGE: text,
  SIGNING_KEY_SECRET_ID: text,
  PASSWORD_PEPPER_SECRET_ID: text,
  EDGE_KEY_SECRET_ID: text,
  CONTENT_HASH_KEY_SECRET_ID: text,
  TOKEN_ISSUER: text,
  TOKEN_AUDIENCE: text,
  ACCESS_TOKEN_LIFETIME_MINUTES: number({ above: 0 }),
  REFRESH_TOKEN_LIFETIME_DAYS: number({ above: 0 }),
  ROTATE_REFRESH_TOKENS: flag,
  BLACKLIST_AFTER_ROTATION: flag,
  BCRYPT_COST: number({ from: 4, to: 15, whole: true }),
  CREATE_ROOMS_ON_CONNECT: flag,
  ALLOW_QUERY_TOKEN: flag,
  /** Origins that may open sockets from a browser; `*` for any. */
  ALLOWED_ORIGINS: list,
  HEARTBEAT_SECONDS: positive,
  ARRIVALS_PER_10_SECONDS: positive,
  MESSAGES_PER_10_SECONDS: positive,
  MICRO_DOLLARS_PER_USER_PER_MINUTE: positive,
  COMMAND_BUDGET_PER_10_SECONDS: positive,
  /** Zero for no limit. */
  CONNECTIONS_PER_USER: number({ from: 0, whole: true }),
  LOOKUPS_PER_USER_PER_MINUTE: positive,
  ROOMS_PER_USER_PER_HOUR: positive,
  ADDITIONS_PER_USER_PER_HOUR: positive,
  TICKETS_PER_USER_PER_MINUTE: positive,
  RECONNECT_AFTER_MINUTES: number({ above: 0 }),
  FAN_OUT_FUNCTION_NAME: text,
  /** Of the WebSocket API's stage; named as the SDK names it. */
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: text,
  LOGIN_FAILURES_PER_ACCOUNT: positive,
  LOGIN_FAILURES_PER_ADDRESS: positive,
  LOGINS_PER_ACCOUNT_PER_HOUR: positive,
  REGISTRATIONS_PER_ADDRESS_PER_HOUR: positive,
} as const satisfies Record<string, Reader<unknown>>;

export type Variable = keyof typeof variables;

/** What checking an access token needs. */
export const verifierVariables = ['SIGNING_KEY_SECRET_ID', 'TOKEN_ISSUER', 'TOKEN_AUDIENCE'] as const;

export type Config<V extends Variable> = { [K in V]: ReturnType<(typeof variables)[K]> };

/** Throws one error that names every variable that is missing or wrong. */
export function readConfig<V extends Variable>(
  names: readonly V[],
  environment: NodeJS.ProcessEnv = process.env,
): Config<V> {
  const faults: string[] = [];
  const values = names.map((name) => {
    const given = environment[name];
    try {
      if (given === undefined) throw new Error('missing');
      return [name, variables[name](given)];
    } catch (error) {
      faults.push(`${name} (${(error as Error).message})`);
      return [name, undefined];
    }
  });
  if (faults.length > 0) throw new Error(`The environment is not complete: ${faults.join(', ')}`);
  return Object.fromEntries(values) as Config<V>;
}
