/** The checks of Lambda's concurrency: what the account may run at once, and what the stage sets aside of it. */
import { callAws } from '../aws/aws-api.ts';
import { findStack } from '../aws/stacks.ts';
import { stackNameOf } from '../stage.ts';
import type { CheckContext } from './check-context.ts';
import type { Finding } from './finding.ts';

/** Below this a busy minute of one small room can use up the concurrency of the account. */
const comfortableConcurrency = 100;

/**
 * What Lambda keeps for functions without a reservation.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const keptUnreserved = 100;

const quota = 'Service Quotas (Lambda, "Concurrent executions", L-B99A9384)';

interface AccountLimit {
  ConcurrentExecutions: number;
  /** What functions have not reserved yet. */
  UnreservedConcurrentExecutions: number;
}

async function accountLimit({ api }: CheckContext): Promise<AccountLimit> {
  const path = '/2016-08-19/account-settings/';
  const settings: { AccountLimit: AccountLimit } = JSON.parse(
    await callAws(api, { service: 'lambda', method: 'GET', path }),
  );
  return settings.AccountLimit;
}

/** How many functions may run at the same moment. New accounts often have 10. */
export async function checkConcurrency(context: CheckContext): Promise<Finding> {
  const { ConcurrentExecutions: concurrency } = await accountLimit(context);
  const text = `Lambda runs up to ${concurrency} functions at the same time`;
  if (concurrency >= comfortableConcurrency) return { check: 'concurrency', level: 'ok', text };
  return {
    check: 'concurrency',
    level: 'warning',
    text,
    advice: `Request 1,000 in ${quota}. Until then, requests and messages of a busy room are throttled.`,
  };
}

/**
 * Whether Lambda accepts what the settings set aside. What is left of the account does not include what the stage itself
 * reserved at its last deployment, so a shortage is certain for a new stage only.
 */
export async function checkReservations(context: CheckContext): Promise<Finding> {
  const check = 'reservations';
  const { handshakeConcurrency, fanOutConcurrency, inboxConcurrency } = context.settings;
  const wanted = handshakeConcurrency + fanOutConcurrency + inboxConcurrency;
  if (wanted === 0) return { check, level: 'ok', text: 'The stage sets no concurrency aside' };
  const { UnreservedConcurrentExecutions: unreserved } = await accountLimit(context);
  const available = Math.max(0, unreserved - keptUnreserved);
  const text =
    `The stage sets ${wanted} executions aside (HANDSHAKE_CONCURRENCY ${handshakeConcurrency}, FAN_OUT_CONCURRENCY ` +
    `${fanOutConcurrency}, INBOX_CONCURRENCY ${inboxConcurrency}); ${available} can be reserved, since Lambda keeps ${keptUnreserved} of ${unreserved}`;
  if (wanted <= available) return { check, level: 'ok', text };
  const stack = await findStack(context.api, stackNameOf(context.stage));
  const missing = wanted - available;
  const advice = `Lower these settings by ${missing} together, or request ${missing} more in ${quota}.`;
  if (stack === undefined) return { check, level: 'problem', text, advice };
  return {
    check,
    level: 'warning',
    text: `${text}, beside what the stage has reserved already`,
    advice: `Unless the stage has reserved ${missing} of them already: ${advice}`,
  };
}
