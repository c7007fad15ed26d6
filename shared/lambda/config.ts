/** What a function is told by its environment: read and checked once, at cold start, all faults named at once. */
import * as z from 'zod';

const positive = z.coerce.number().int().positive();
const flag = z
  .string()
  .regex(/^(true|false|1|0)$/i)
  .transform((text) => /^(true|1)$/i.test(text));
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const text = z.string().min(1);

/** Every variable that some function reads. */
export const variables = {
  TABLE_NAME: text,
  STAGE: text,
  SIGNING_KEY_SECRET_ID: text,
  PASSWORD_PEPPER_SECRET_ID: text,
  EDGE_KEY_SECRET_ID: text,
  TOKEN_ISSUER: text,
  TOKEN_AUDIENCE: text,
  ACCESS_TOKEN_LIFETIME_MINUTES: z.coerce.number().positive(),
  REFRESH_TOKEN_LIFETIME_DAYS: z.coerce.number().positive(),
  ROTATE_REFRESH_TOKENS: flag,
  BLACKLIST_AFTER_ROTATION: flag,
  BCRYPT_COST: z.coerce.number().int().min(4).max(15),
  CREATE_ROOMS_ON_CONNECT: flag,
  ALLOW_QUERY_TOKEN: flag,
  /** Origins that may open sockets from a browser; `*` for any. */
  ALLOWED_ORIGINS: list,
  HEARTBEAT_SECONDS: positive,
  MESSAGES_PER_10_SECONDS: positive,
  COMMAND_BUDGET_PER_10_SECONDS: positive,
  /** Zero for no limit. */
  CONNECTIONS_PER_USER: z.coerce.number().int().min(0),
  LOOKUPS_PER_USER_PER_MINUTE: positive,
  ROOMS_PER_USER_PER_HOUR: positive,
  TICKETS_PER_USER_PER_MINUTE: positive,
  HTTP_MESSAGES_PER_USER_PER_MINUTE: positive,
  RECONNECT_AFTER_MINUTES: z.coerce.number().positive(),
  DELIVER_FUNCTION_NAME: text,
  /** Of the WebSocket API's stage; named as the SDK names it. */
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: text,
  LOGIN_FAILURES_PER_ACCOUNT: positive,
  LOGIN_FAILURES_PER_ADDRESS: positive,
  REGISTRATIONS_PER_ADDRESS_PER_HOUR: positive,
} as const;

export type Variable = keyof typeof variables;

/** What checking an access token needs. */
export const verifierVariables = ['SIGNING_KEY_SECRET_ID', 'TOKEN_ISSUER', 'TOKEN_AUDIENCE'] as const;

export type Config<V extends Variable> = { [K in V]: z.output<(typeof variables)[K]> };

/** Throws one error that names every variable that is missing or wrong. */
export function readConfig<V extends Variable>(
  names: readonly V[],
  environment: NodeJS.ProcessEnv = process.env,
): Config<V> {
  const schema = z.object(Object.fromEntries(names.map((name) => [name, variables[name]])));
  const result = schema.safeParse(environment);
  if (result.success) return result.data as Config<V>;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new Error(`The environment is not complete: ${faults.join(', ')}`);
}
