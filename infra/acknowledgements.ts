/**
 * Every finding of cdk-nag that is meant to be so, with the reason. A finding is acknowledged where it
 * occurs and nowhere else: the same finding in another place still fails the synthesis.
 */
import { CfnResource, Validations, type Stack } from 'aws-cdk-lib/core';
import type { ConnectionMethod } from './grants.ts';

interface Acknowledgement {
  /** Path of the resources inside the stack. */
  where: RegExp;
  /** Rules, or single findings of a rule in square brackets. */
  ids: readonly string[];
  reason: string;
}

/** The list for a stack whose WebSocket API has that logical id and stage name. */
export function acknowledgements(webSocketApi: string, stage: string): Acknowledgement[] {
  const connections = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${webSocketApi}>/${stage}`;
  const anyConnection = (method: ConnectionMethod): string =>
    `AwsSolutions-IAM5[Resource::${connections}/${method}/@connections/*]`;
  return [
    {
      where: /^([\w-]+\/Function\/HttpRoute [^/]+|WebSocketApi\/\$\w+-Route)\/Resource$/,
      ids: ['AwsSolutions-APIG4'],
      reason:
        'Tokens and tickets are checked in the functions, fail-closed: some routes are public, others depend on the room, and a gateway that matches a path with a trailing slash differently could skip its authorizer.',
    },
    {
      where: /^[\w-]+\/Role\/DefaultPolicy\/Resource$/,
      ids: ['AwsSolutions-IAM5[Resource::*]'],
      reason: 'X-Ray has no resources to name: PutTraceSegments and PutTelemetryRecords demand "*".',
    },
    {
      where: /^(message|tableStream|fanOut)\/Role\/DefaultPolicy\/Resource$/,
      ids: [anyConnection('POST'), anyConnection('DELETE')],
      reason: 'Connection ids are given out at run time; the API, the stage and the method are fixed.',
    },
    {
      where: /^ApiGatewayLogsRole\/Resource$/,
      ids: [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      ],
      reason: 'API Gateway asks for exactly this policy; the role is shared by all APIs of the account.',
    },
    {
      where: /^(SigningKey|PasswordPepper)\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason:
        'The signing key is rotated by an operator, since tokens of the previous one must stay valid meanwhile; another pepper would make every stored password unverifiable.',
    },
    {
      where: /^ContentHashKey\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason: 'With another key a send that is repeated days later would be taken for other content.',
    },
    {
      where: /^EdgeKey\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason: 'The distribution holds what the secret was when it was deployed: both are changed together.',
    },
    {
      where: /^Failures\/Resource$/,
      ids: ['AwsSolutions-SQS3'],
      reason: 'This queue is itself the failure destination of the stream.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR1', 'AwsSolutions-CFR2'],
      reason:
        'Who may use the chat and whether a firewall is worth its price is for whoever deploys it to decide; logins, registrations and messages are limited by the functions.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR3'],
      reason:
        'Standard logs contain query strings, and so tickets and tokens of handshakes. Both APIs behind the edge log every request without them.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR4'],
      reason:
        'The certificate of *.cloudfront.net does not let a minimum TLS version be chosen; a custom domain does. Connections to the origins use TLS 1.2.',
    },
  ];
}

/** Acknowledges each entry's findings on the resources of the stack that it names. */
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
