/**
 * The findings of cdk-nag that are accepted, with the reasons. A finding is acknowledged for the resources where it
 * occurs only, so the same finding elsewhere still fails the synthesis.
 */
import { CfnResource, Validations, type Stack } from 'aws-cdk-lib/core';
import type { ConnectionMethod } from './grants.ts';

interface Acknowledgement {
  /** Matches the paths of the resources inside the stack. */
  where: RegExp;
  /** Rules, or single findings of a rule in square brackets. */
  ids: readonly string[];
  reason: string;
}

interface AcknowledgedIds {
  webSocketApi: string;
  failureBucket: string;
  stage: string;
}

/** Returns the list for a stack, given the logical ids of its WebSocket API and of its bucket of failures. */
export function acknowledgements({ webSocketApi, failureBucket, stage }: AcknowledgedIds): Acknowledgement[] {
  const connections = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${webSocketApi}>/${stage}`;
  const anyConnection = (method: ConnectionMethod): string =>
    `AwsSolutions-IAM5[Resource::${connections}/${method}/@connections/*]`;
  return [
    {
      where: /^([\w-]+\/Function\/HttpRoute [^/]+|WebSocketApi\/\$\w+-Route)\/Resource$/,
      ids: ['AwsSolutions-APIG4'],
      reason:
        'The functions verify tokens and tickets and refuse requests without them. Some routes are public and others depend on the room, and an authorizer could be skipped if the gateway matched a path with a trailing slash to another route.',
    },
    {
      where: /^[\w-]+\/Role\/DefaultPolicy\/Resource$/,
      ids: ['AwsSolutions-IAM5[Resource::*]'],
      reason:
        'X-Ray has no resources that a policy could name: PutTraceSegments and PutTelemetryRecords require "*".',
    },
    {
      where: /^(message|tableStream|fanOut)\/Role\/DefaultPolicy\/Resource$/,
      ids: [anyConnection('POST'), anyConnection('DELETE')],
      reason: 'API Gateway assigns connection ids at run time. The API, the stage and the method are fixed.',
    },
    {
      where: /^ApiGatewayLogsRole\/Resource$/,
      ids: [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      ],
      reason: 'API Gateway requires exactly this policy. All APIs of the account share the role.',
    },
    {
      where: /^(SigningKey|PasswordPepper)\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason:
        'An operator rotates the signing key, since tokens that the previous key signed must stay valid until they expire. The pepper cannot be rotated: no stored password could be verified with another one.',
    },
    {
      where: /^ContentHashKey\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason:
        'The key cannot be rotated: a send that is repeated days later would not match its stored hash.',
    },
    {
      where: /^CanaryKey\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason:
        'The key protects two users without anything of value. With a new key the canary registers new ones.',
    },
    {
      where: /^EdgeKey\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason:
        'The distribution holds the value that the secret had when it was deployed, so both have to change together, in a deployment.',
    },
    {
      where: /^Failures\/Resource$/,
      ids: ['AwsSolutions-SQS3'],
      reason: 'Its messages are notifications of failures, which alarms count; no function receives them.',
    },
    {
      where: /^FailedInvocations\/Resource$/,
      ids: ['AwsSolutions-S1'],
      reason:
        'Operators of the account alone read it, and CloudTrail records who does where data events are switched on. A bucket of access logs would itself need one.',
    },
    {
      where: /^(tableStream|fanOut)\/Role\/DefaultPolicy\/Resource$/,
      ids: [`AwsSolutions-IAM5[Resource::<${failureBucket}.Arn>/*]`],
      reason:
        'Lambda accepts a bucket as destination of failures only if the role may write to all of it. Only failures are in it.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR1', 'AwsSolutions-CFR2'],
      reason:
        'The operator decides on geographic restrictions and on the price of a firewall. The functions limit logins, registrations and messages.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR3'],
      reason:
        'Standard logs contain query strings, and therefore the tickets and tokens of handshakes. Both APIs behind the distribution log every request without query strings.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR4'],
      reason:
        'With the certificate of *.cloudfront.net the minimum TLS version cannot be chosen; that takes a custom domain. Connections to the origins use TLS 1.2.',
    },
  ];
}

/** Acknowledges the findings of each entry on the resources of the stack that it matches. */
export function acknowledgeFindings(stack: Stack, list: Acknowledgement[]): void {
  const resources = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node));
  for (const resource of resources) {
    const pathInStack = resource.node.path.slice(stack.node.path.length + 1);
    for (const { where, ids, reason } of list) {
      if (!where.test(pathInStack)) continue;
      Validations.of(resource).acknowledge(...ids.map((id) => ({ id, reason })));
    }
  }
}
