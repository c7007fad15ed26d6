/** Access tokens from an application that signs its users in itself. */
import * as problems from '../problems.ts';
import { userOf } from './claims.ts';
import type { SessionPorts } from './session.ts';

/** Returns an access token for the application's user; undefined when no user is signed in there. */
export type GetToken = () => Promise<string | undefined>;

export function askApplication(getToken: GetToken): SessionPorts['exchange'] {
  return async (_, signal) => {
    const access = await Promise.race([ask(getToken), whenAborted(signal)]);
    if (access === undefined || access === '') throw problems.signInFirst();
    if (userOf({ access, refresh: '', received_at: 0 }) === undefined) throw problems.foreignToken();
    return { access, refresh: '' };
  };
}

async function ask(getToken: GetToken): Promise<string | undefined> {
  try {
    return await getToken();
  } catch (cause) {
    throw problems.noToken(cause);
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(problems.noToken(signal.reason)));
  });
}
