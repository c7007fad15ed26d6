/**
 * Builds the CDK app over bundles in a folder of their own, so that a test is not affected by edits, by other builds,
 * or by the broken builds of other tests.
 */

import { Stack, type App } from 'aws-cdk-lib/core';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { buildApp as buildChatApp, type AppOptions } from '../../infra/app.ts';

/** The environment variable that names the folder of the bundles. */
export const bundlesVariable = 'TEST_BUNDLES';

/** The environment variable that names the folder in which the page is built; without it there is no page. */
export const pageVariable = 'TEST_PAGE';

/** The environment variable that names an action which a function's role does not allow, as in `message dynamodb:PutItem`. */
export const withoutGrantVariable = 'TEST_WITHOUT_GRANT';

/** Called by the local runtime. */
export function buildApp({ environment, ...options }: AppOptions & { environment: NodeJS.ProcessEnv }): App {
  const pageBuiltIn = environment[pageVariable];
  const app = buildChatApp({
    ...options,
    environment: pageBuiltIn === undefined ? { ...environment, WEB_PAGE: 'false' } : environment,
    fast: true,
    code: { builtIn: environment[bundlesVariable], pageBuiltIn },
  });
  const withoutGrant = environment[withoutGrantVariable];
  if (withoutGrant !== undefined) removeGrant(app, withoutGrant);
  return app;
}

interface PolicyDocument {
  Statement: { Action: string | string[] }[];
}

/** Removes the action from all statements of the function's role. */
function removeGrant(app: App, grant: string): void {
  const [functionName, action] = grant.split(' ');
  let removed = 0;
  for (const policy of app.node.findAll().filter((construct) => construct instanceof CfnPolicy)) {
    if (!policy.node.path.includes(`/${functionName}/`)) continue;
    const { Statement, ...document }: PolicyDocument = Stack.of(policy).resolve(policy.policyDocument);
    const kept = Statement.map((statement) => {
      const actions = [statement.Action].flat();
      removed += Number(actions.includes(action!));
      return { ...statement, Action: actions.filter((one) => one !== action) };
    });
    policy.policyDocument = { ...document, Statement: kept.filter(({ Action }) => Action.length > 0) };
  }
  if (removed === 0) throw new Error(`No role has the grant "${grant}"`);
}
