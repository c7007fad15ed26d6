/**
 * Environment variables that replace a stage's settings at synthesis.
 * The first four keep the names that the Django project reads.
 */
import type { StageSettings } from './stages.ts';

/** Thrown by a parser with what it would have accepted. */
class Expected extends Error {}

function boolean(text: string): boolean {
  switch (text) {
    case 'True':
    case 'true':
    case '1':
      return true;
    case 'False':
    case 'false':
    case '0':
      return false;
    default:
      throw new Expected('True, true, 1, False, false or 0');
  }
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) {
      throw new Expected(`a whole number from ${from} to ${to}`);
    }
    return value;
  };
}

/** Fractions too: tests want lifetimes of seconds. */
function decimal(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < from || value > to) {
      throw new Expected(`a number from ${from} to ${to}`);
    }
    return value;
  };
}

function origins(text: string): string[] {
  return text.split(',').map((part) => {
    const origin = part.trim();
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin;
    if (origin !== '*' && !isOrigin)
      throw new Expected('origins such as https://chat.example, or *, separated by commas');
    return origin;
  });
}

function email(text: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new Expected('an e-mail address');
  return text;
}

type Override = {
  [Setting in keyof StageSettings]-?: {
    setting: Setting;
    parse: (text: string) => StageSettings[Setting];
  };
}[keyof StageSettings];

const overrides: Record<string, Override> = {
  ACCESS_TOKEN_LIFETIME_MINUTES: { setting: 'accessTokenMinutes', parse: decimal(0.01, 43_200) },
  RECONNECT_AFTER_MINUTES: { setting: 'reconnectAfterMinutes', parse: decimal(0.01, 100) },
  REFRESH_TOKEN_LIFETIME_DAYS: { setting: 'refreshTokenDays', parse: wholeNumber(1, 365) },
  ROTATE_REFRESH_TOKENS: { setting: 'rotateRefreshTokens', parse: boolean },
  BLACKLIST_AFTER_ROTATION: { setting: 'blacklistAfterRotation', parse: boolean },
  // Above 15 a hash outlasts the 15 seconds that `accounts` has.
  BCRYPT_COST: { setting: 'bcryptCost', parse: wholeNumber(4, 15) },
  LOGIN_FAILURES_PER_ACCOUNT: { setting: 'loginFailuresPerAccount', parse: wholeNumber(1, 1_000_000) },
  LOGIN_FAILURES_PER_ADDRESS: { setting: 'loginFailuresPerAddress', parse: wholeNumber(1, 1_000_000) },
  LOGINS_PER_ACCOUNT_PER_HOUR: { setting: 'loginsPerAccountPerHour', parse: wholeNumber(1, 1_000_000) },
  CREATE_ROOMS_ON_CONNECT: { setting: 'createRoomsOnConnect', parse: boolean },
  ALLOW_QUERY_TOKEN: { setting: 'allowQueryToken', parse: boolean },
  ALLOWED_ORIGINS: { setting: 'allowedOrigins', parse: origins },
  // API Gateway closes a connection that was idle for 10 minutes.
  HEARTBEAT_SECONDS: { setting: 'heartbeatSeconds', parse: wholeNumber(1, 540) },
  MESSAGES_PER_10_SECONDS: {
    setting: 'messagesPerUserPer10Seconds',
    parse: wholeNumber(1, 1_000_000),
  },
  MICRO_DOLLARS_PER_USER_PER_MINUTE: {
    setting: 'microDollarsPerUserPerMinute',
    parse: wholeNumber(1, 1_000_000_000),
  },
  REGISTRATIONS_PER_ADDRESS_PER_HOUR: {
    setting: 'registrationsPerAddressPerHour',
    parse: wholeNumber(1, 1_000_000),
  },
  COMMAND_BUDGET_PER_10_SECONDS: {
    setting: 'commandBudgetPerConnectionPer10Seconds',
    parse: wholeNumber(10, 1_000_000),
  },
  ARRIVALS_PER_10_SECONDS: {
    setting: 'arrivalsPerUserAndRoomPer10Seconds',
    parse: wholeNumber(1, 1_000_000),
  },
  CONNECTIONS_PER_USER: { setting: 'connectionsPerUser', parse: wholeNumber(0, 1_000) },
  LOOKUPS_PER_USER_PER_MINUTE: { setting: 'lookupsPerUserPerMinute', parse: wholeNumber(1, 1_000_000) },
  ADDITIONS_PER_USER_PER_HOUR: { setting: 'additionsPerUserPerHour', parse: wholeNumber(1, 1_000_000) },
  ROOMS_PER_USER_PER_HOUR: { setting: 'roomsPerUserPerHour', parse: wholeNumber(1, 1_000_000) },
  TICKETS_PER_USER_PER_MINUTE: { setting: 'ticketsPerUserPerMinute', parse: wholeNumber(1, 1_000_000) },
  ALARM_EMAIL: { setting: 'alarmEmail', parse: email },
};

/**
 * The settings with what the environment replaces; a variable that is empty counts as absent.
 * Throws one error that names every variable with an unusable value.
 */
export function applyOverrides(settings: StageSettings, environment: NodeJS.ProcessEnv): StageSettings {
  const replaced: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [variable, { setting, parse }] of Object.entries(overrides)) {
    const text = environment[variable]?.trim();
    if (!text) continue;
    try {
      replaced[setting] = parse(text);
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      problems.push(`${variable} is "${text}", expected ${error.message}`);
    }
  }
  if (problems.length > 0) throw new Error(`Invalid settings in the environment: ${problems.join('; ')}`);
  return { ...settings, ...replaced };
}

/** The variables that stand for these settings: what `applyOverrides` would read to arrive at them. */
export function overridesFor(settings: StageSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(overrides).flatMap(([variable, { setting }]) => {
      const value = settings[setting];
      if (value === undefined) return [];
      const text = typeof value === 'object' ? Object.values(value).join(',') : `${value}`;
      return [[variable, text]];
    }),
  );
}
