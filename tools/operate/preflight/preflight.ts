/** Runs all checks of the preflight. None of them changes anything. */
import { AwsRefusal } from '../aws/aws-api.ts';
import {
  checkBootstrap,
  checkConnectionRate,
  checkCredentials,
  checkEdge,
  checkLogRole,
  checkRequestRate,
  checkStack,
} from './account-checks.ts';
import type { CheckContext } from './check-context.ts';
import { checkConcurrency, checkReservations } from './concurrency-checks.ts';
import type { Finding } from './finding.ts';
import { checkAlarmAddress, checkOrigins, checkRequired } from './settings-checks.ts';

const accountChecks = {
  stack: checkStack,
  bootstrap: checkBootstrap,
  concurrency: checkConcurrency,
  reservations: checkReservations,
  'request rate': checkRequestRate,
  'connection rate': checkConnectionRate,
  edge: checkEdge,
  'log role': checkLogRole,
};

/** Returns the findings of all checks; those of the account are left out when the credentials are refused. */
export async function preflight(context: CheckContext): Promise<Finding[]> {
  const { settings } = context;
  const fromSettings = [checkRequired(context), checkOrigins(settings), checkAlarmAddress(settings)];
  let credentials: Finding;
  try {
    credentials = await checkCredentials(context);
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    const advice = 'Sign in again, for example with "aws sso login", or set AWS_PROFILE.';
    return [{ check: 'credentials', level: 'problem', text: error.message, advice }, ...fromSettings];
  }
  const fromAccount = await Promise.all(
    Object.entries(accountChecks).map(([name, check]) => withoutRefusal(name, check(context))),
  );
  return [credentials, ...fromAccount, ...fromSettings];
}

/** What the credentials may not read is unknown, which does not keep a deployment by another role from succeeding. */
async function withoutRefusal(check: string, checking: Promise<Finding>): Promise<Finding> {
  try {
    return await checking;
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    const advice = 'Allow the credentials to read it, or look it up in the console.';
    return { check, level: 'warning', text: `Unknown: ${error.message}`, advice };
  }
}
