/** The checks of the account and the region in which a stage would be deployed. */
import { callAws, callQuery, callTarget, textOf } from '../aws/aws-api.ts';
import { findStack } from '../aws/stacks.ts';
import { stackNameOf } from '../stage.ts';
import type { CheckContext } from './check-context.ts';
import type { Finding } from './finding.ts';

/** The version of the bootstrap stack that the CDK's cloud assembly requires; a test compares it with a synthesis. */
export const requiredBootstrapVersion = 6;

/** Whose credentials are used, and where. */
export async function checkCredentials({ api }: CheckContext): Promise<Finding> {
  const xml = await callQuery(
    api,
    { service: 'sts', version: '2011-06-15' },
    { Action: 'GetCallerIdentity' },
  );
  const text = `${textOf(xml, 'Arn')} in account ${textOf(xml, 'Account')}, region ${api.region}`;
  return { check: 'credentials', level: 'ok', text };
}

interface GatewayAccount {
  cloudwatchRoleArn?: string;
  throttleSettings?: { rateLimit: number; burstLimit: number };
}

const gatewayAccount = async ({ api }: CheckContext): Promise<GatewayAccount> =>
  JSON.parse(
    await callAws(api, {
      service: 'apigateway',
      method: 'GET',
      path: '/account',
      headers: { accept: 'application/json' },
    }),
  ) as GatewayAccount;

/** Whether the account lets the stage have the request rates of its settings. */
export async function checkRequestRate(context: CheckContext): Promise<Finding> {
  const { throttleSettings } = await gatewayAccount(context);
  const { httpRequestsPerSecond, webSocketRequestsPerSecond } = context.settings;
  const wanted = httpRequestsPerSecond + webSocketRequestsPerSecond;
  const allowed = throttleSettings?.rateLimit ?? 0;
  const text = `API Gateway accepts ${allowed} requests a second for all APIs of the region; the stage is set to ${wanted}`;
  if (allowed >= wanted) return { check: 'request rate', level: 'ok', text };
  return {
    check: 'request rate',
    level: 'warning',
    text,
    advice:
      'Request more in Service Quotas (API Gateway, "Throttle rate"), or lower HTTP_REQUESTS_PER_SECOND and WEBSOCKET_REQUESTS_PER_SECOND.',
  };
}

/** How fast all clients can come back after an outage. */
export async function checkConnectionRate({ api }: CheckContext): Promise<Finding> {
  const { Quota } = await callTarget<{ Quota: { Value: number } }>(
    api,
    { service: 'servicequotas', target: 'ServiceQuotasV20190624.GetServiceQuota', version: '1.1' },
    { ServiceCode: 'apigateway', QuotaCode: 'L-9ED1E49A' },
  );
  const text = `API Gateway opens up to ${Quota.Value} WebSocket connections a second`;
  return { check: 'connection rate', level: 'ok', text };
}

/** Whether this region was prepared for deployments of the CDK. */
export async function checkBootstrap({ api }: CheckContext): Promise<Finding> {
  const toolkit = await findStack(api, 'CDKToolkit');
  const version = Number(toolkit?.outputs['BootstrapVersion'] ?? 0);
  if (version >= requiredBootstrapVersion) {
    return { check: 'bootstrap', level: 'ok', text: `The CDK's bootstrap stack has version ${version}` };
  }
  const isThere = toolkit !== undefined;
  return {
    check: 'bootstrap',
    level: 'problem',
    text: isThere
      ? `The CDK's bootstrap stack is ${toolkit.status} and has version ${version}; ${requiredBootstrapVersion} is needed`
      : `The CDK's bootstrap stack is not in ${api.region}`,
    advice: 'Run "npx cdk bootstrap" once for this account and region.',
  };
}

/** Whether CloudFront accepts a distribution. AWS has no operation that answers this for an account without one. */
export async function checkEdge({ api, stage, settings }: CheckContext): Promise<Finding> {
  if (!settings.hasEdge) {
    return {
      check: 'edge',
      level: 'ok',
      text: 'The stage has no CloudFront distribution (EDGE_DISTRIBUTION=false)',
    };
  }
  const stack = await findStack(api, stackNameOf(stage));
  const xml = await callAws(api, {
    service: 'cloudfront',
    globalRegion: 'us-east-1',
    method: 'GET',
    path: '/2020-05-31/distribution',
  });
  const count = Number(textOf(xml, 'Quantity') ?? 0);
  if (stack?.outputs['EdgeUrl'] !== undefined || count > 0) {
    return { check: 'edge', level: 'ok', text: `The account has CloudFront distributions (${count})` };
  }
  return {
    check: 'edge',
    level: 'warning',
    text: 'The account has no CloudFront distribution yet, and AWS refuses the first one of some new accounts',
    advice:
      'If the deployment fails with "Your account must be verified", deploy with EDGE_DISTRIBUTION=false and ask AWS Support for the verification.',
  };
}

/** API Gateway writes access logs of WebSocket APIs with one role for each account and region. */
export async function checkLogRole(context: CheckContext): Promise<Finding> {
  const check = 'log role';
  const { cloudwatchRoleArn: role } = await gatewayAccount(context);
  const { setsLogRole } = context.settings;
  if (role === undefined) {
    const text = 'API Gateway has no log role in this region';
    if (setsLogRole) return { check, level: 'ok', text: `${text}; the stack sets one` };
    return {
      check,
      level: 'problem',
      text: `${text}, and the stack sets none (SET_API_GATEWAY_LOG_ROLE=false), so its access logs are refused`,
      advice: 'Leave SET_API_GATEWAY_LOG_ROLE out, or set a role in the settings of API Gateway first.',
    };
  }
  const text = `API Gateway writes logs as ${role}`;
  if (!setsLogRole) return { check, level: 'ok', text: `${text}, which the stack keeps` };
  const stack = await findStack(context.api, stackNameOf(context.stage));
  if (stack !== undefined || role.includes('ServerlessChat-')) return { check, level: 'ok', text };
  return {
    check,
    level: 'warning',
    text: `${text}, which another stack or a person has set; the stack would replace it`,
    advice: 'Set SET_API_GATEWAY_LOG_ROLE=false to keep it.',
  };
}

/** Whether the stage's own stack can be updated. */
export async function checkStack({ api, stage }: CheckContext): Promise<Finding> {
  const stackName = stackNameOf(stage);
  const stack = await findStack(api, stackName);
  if (stack === undefined) {
    return {
      check: 'stack',
      level: 'ok',
      text: `${stackName} does not exist yet; this is its first deployment`,
    };
  }
  const text = `${stackName} is ${stack.status}`;
  if (stack.status.endsWith('IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    return { check: 'stack', level: 'problem', text, advice: 'Wait until the running deployment has ended.' };
  }
  // CloudFormation can only delete a stack whose first deployment failed.
  if (
    /^(ROLLBACK|CREATE|DELETE)_(COMPLETE|FAILED)$/.test(stack.status) &&
    stack.status !== 'CREATE_COMPLETE'
  ) {
    return {
      check: 'stack',
      level: 'problem',
      text: `${text}: its first deployment failed, or its deletion did`,
      advice: `Run "npm run destroy -- --stage ${stage} --yes ${stackName}", correct the cause, and deploy again. docs/operations.md has the details.`,
    };
  }
  if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
    return {
      check: 'stack',
      level: 'problem',
      text,
      advice: `Continue the rollback: "npx cdk rollback ${stackName}". docs/operations.md has the details.`,
    };
  }
  return { check: 'stack', level: 'ok', text };
}
