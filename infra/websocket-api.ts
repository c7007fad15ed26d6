/** The WebSocket API: its stage and throttling. Its routes are in functions.ts. */
import { Stack } from 'aws-cdk-lib/core';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { accessLogs } from './access-logs.ts';
import type { ConnectionMethod } from './grants.ts';
import { keptAfterCreation } from './retention.ts';
import type { DeployedFunction } from './rollout.ts';
import type { StageSettings } from './stages.ts';

/**
 * WebSocket APIs write logs with a role that is set once for an account and region. Without it, API Gateway refuses to
 * create a stage with access logs. The role is kept when the stack is deleted, since other stacks may depend on it.
 */
function addAccountLogRole(scope: Construct): CfnAccount {
  const role = new Role(scope, 'ApiGatewayLogsRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
    ],
  });
  role.applyRemovalPolicy(keptAfterCreation);
  const account = new CfnAccount(scope, 'ApiGatewayAccount', { cloudWatchRoleArn: role.roleArn });
  account.applyRemovalPolicy(keptAfterCreation);
  return account;
}

/** Adds the API with one stage, named like the deployment stage, without routes. */
export function addWebSocketApi(scope: Construct, stage: string, settings: StageSettings): WebSocketApi {
  const api = new WebSocketApi(scope, 'WebSocketApi', {
    apiName: `serverless-chat-${stage}`,
    routeSelectionExpression: '$request.body.type',
  });
  const webSocketStage = new WebSocketStage(scope, 'WebSocketStage', {
    webSocketApi: api,
    stageName: stage,
    autoDeploy: true,
    throttle: {
      rateLimit: settings.webSocketRequestsPerSecond,
      burstLimit: settings.webSocketRequestBurst,
    },
    accessLogSettings: accessLogs(scope, 'webSocket', settings),
  });
  if (settings.setsLogRole) webSocketStage.node.addDependency(addAccountLogRole(scope));
  return api;
}

/** Returns the ARN of the connections of a stage for each method of the connections API. */
export function connectionArns(api: WebSocketApi, stage: string): Record<ConnectionMethod, string> {
  const arnFor = (method: ConnectionMethod): string =>
    Stack.of(api).formatArn({
      service: 'execute-api',
      resource: api.apiId,
      resourceName: `${stage}/${method}/@connections/*`,
    });
  return { POST: arnFor('POST'), DELETE: arnFor('DELETE') };
}

/** Routes the requests with those keys to the function. */
export function addWebSocketRoutes(
  api: WebSocketApi,
  { target }: DeployedFunction,
  routeKeys: readonly string[],
): void {
  const integration = new WebSocketLambdaIntegration('Integration', target);
  for (const routeKey of routeKeys) api.addRoute(routeKey, { integration });
}
