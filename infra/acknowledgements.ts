/**
 * The findings of cdk-nag that are accepted, with the reasons. A finding is acknowledged for the resources where it
 * occurs only, so the same finding elsewhere still fails the synthesis.
 */
import { CfnResource, Validations, type Stack } from 'aws-cdk-lib/core';
import { grants, type ConnectionMethod, type ObjectPrefix } from './grants.ts';
import type { StageSettings } from './stages.ts';

interface Acknowledgement {
  /** Matches the paths of the resources inside the stack. */
  where: RegExp;
  /** Rules, or single findings of a rule in square brackets. */
  ids: readonly string[];
  reason: string;
  /** False where the settings leave out the resource or the finding. */
  applies?: boolean;
}

interface AcknowledgedIds {
  webSocketApi: string;
  failureBucket: string;
  filesBucket: string;
  /** Absent without a page. */
  pageBucket: string | undefined;
  stage: string;
  settings: StageSettings;
}

/** Returns the list for a stack, given its settings and the logical ids of its WebSocket API and its buckets. */
export function acknowledgements({
  webSocketApi,
  failureBucket,
  filesBucket,
  pageBucket,
  stage,
  settings,
}: AcknowledgedIds): Acknowledgement[] {
  const connections = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${webSocketApi}>/${stage}`;
  const anyConnection = (method: ConnectionMethod): string =>
    `AwsSolutions-IAM5[Resource::${connections}/${method}/@connections/*]`;
  const hasFirewall = settings.hasFirewall || settings.webAclArn !== undefined;
  const list: Acknowledgement[] = [
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
      where: /^(message|tableStream|fanOut|welcome|inbox)\/Role\/DefaultPolicy\/Resource$/,
      ids: [anyConnection('POST'), anyConnection('DELETE')],
      reason: 'API Gateway assigns connection ids at run time. The API, the stage and the method are fixed.',
    },
    {
      where: /^ApiGatewayLogsRole\/Resource$/,
      ids: [managedPolicy('AmazonAPIGatewayPushToCloudWatchLogs')],
      applies: settings.setsLogRole,
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
      ids: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'],
      reason: 'Its messages are notifications of failures, which alarms count; no function receives them.',
    },
    {
      where: /^FailedInvocations\/Resource$/,
      ids: ['AwsSolutions-S1'],
      reason:
        'Operators of the account alone read it, and CloudTrail records who does where data events are switched on. A bucket of access logs would itself need one.',
    },
    {
      where: new RegExp(`^(${handlingFiles.join('|')})/Role/DefaultPolicy/Resource$`),
      ids: folders.map((folder) => `AwsSolutions-IAM5[Resource::<${filesBucket}.Arn>/${folder}*]`),
      reason: 'The names of files are made at run time. The bucket and the folder in it are fixed.',
    },
    {
      where: /^uploads\/Function\/Posted\/Resource$/,
      ids: ['Serverless-EventBusDLQ'],
      reason:
        'EventBridge hands the event to Lambda for an hour. A file whose event is lost is checked when it is sent, and a picture is uploaded again.',
    },
    {
      where: /^Files\/Resource$/,
      ids: ['AwsSolutions-S1'],
      reason:
        'Clients reach it by forms and addresses that the functions sign and that end soon; CloudTrail records who else does where data events are switched on. A bucket of access logs would itself need one.',
    },
    {
      where: /^FilesKey\/Resource$/,
      ids: ['AwsSolutions-SMG4'],
      reason:
        'The edge holds the values that the secret had when it was deployed, so both have to change together, in a deployment.',
    },
    {
      where: /^Page\/Resource$/,
      ids: ['AwsSolutions-S1'],
      applies: pageBucket !== undefined,
      reason:
        'Only the distribution reads it, for files that anyone may read. A bucket of access logs would itself need one.',
    },
    {
      where: /^pageFiles\/Role\/DefaultPolicy\/Resource$/,
      ids: [`AwsSolutions-IAM5[Resource::<${pageBucket}.Arn>/*]`],
      applies: pageBucket !== undefined,
      reason:
        'The names of the files contain hashes, which change with each build. Only the page is in the bucket.',
    },
    {
      where: /^(tableStream|fanOut|welcome|inbox|cleanup|uploads)\/Role\/DefaultPolicy\/Resource$/,
      ids: [`AwsSolutions-IAM5[Resource::<${failureBucket}.Arn>/*]`],
      reason:
        'Lambda accepts a bucket as destination of failures only if the role may write to all of it. Only failures are in it.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR1'],
      reason: 'The operator decides on geographic restrictions; the product has none of its own.',
    },
    {
      where: /^Edge\/Resource$/,
      ids: ['AwsSolutions-CFR2'],
      applies: !hasFirewall,
      reason:
        'The operator decides on the price of a firewall (FIREWALL). Without it, the functions limit logins, registrations and messages.',
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
      applies: settings.domainName === undefined,
      reason:
        'With the certificate of *.cloudfront.net the minimum TLS version cannot be chosen; that takes a custom domain. Connections to the origins use TLS 1.2.',
    },
    {
      where: /^[\w-]+\/Function\/Resource$/,
      ids: ['Serverless-LambdaDLQ'],
      reason:
        'A dead-letter queue is for asynchronous invocations. The APIs and the stream invoke synchronously; the mapping and the functions that are invoked asynchronously have a failure destination, which keeps more of the failed invocation.',
    },
    {
      where: /^[\w-]+\/Function\/Resource$/,
      ids: ['Serverless-LambdaTracing'],
      applies: settings.tracePercent === 0,
      reason: 'The operator has turned tracing off, since it costs more than the invocations.',
    },
    {
      where: /^canary\/Function\/(Live\/)?EventInvokeConfig\/Resource$/,
      ids: ['Serverless-LambdaAsyncFailureDestination'],
      reason:
        'A check of the canary that failed is not repeated: the next one follows, and alarms count failures.',
    },
    {
      where: /^canary\/Function\/Schedule\/Resource$/,
      ids: ['Serverless-EventBusDLQ'],
      applies: settings.canaryIntervalMinutes > 0,
      reason:
        'A check of the canary that was not started is not repeated, since the next one follows at the interval of the setting.',
    },
    {
      where: /^AlarmTopic\/[^/]+\/Resource$/,
      ids: ['Serverless-SNSRedrivePolicy'],
      applies: settings.alarmEmail !== undefined,
      reason:
        'SNS itself repeats the delivery of e-mails, and CloudWatch shows every alarm also without one.',
    },
    {
      where: /^RolloutRole\/Resource$/,
      ids: [managedPolicy('AWSCodeDeployRoleForLambdaLimited')],
      applies: settings.rollout !== 'AllAtOnce',
      reason:
        'CodeDeploy documents this policy for deployments of functions without hooks; it invokes nothing.',
    },
    {
      where: /^BackupPlan\/Table\/Role\/Resource$/,
      ids: [managedPolicy('AWSBackupServiceRolePolicyForBackup')],
      applies: settings.backupDays > 0,
      reason: 'AWS Backup documents this policy for its role and extends it when a service changes.',
    },
  ];
  return list.filter(({ applies = true }) => applies);
}

const folders: readonly ObjectPrefix[] = ['incoming/', 'files/', 'pictures/'];

/** The functions that may use objects. */
const handlingFiles = Object.entries(grants)
  .filter(([, { objects }]) => objects !== undefined)
  .map(([name]) => name);

/** The finding about a policy of AWS for a service. */
const managedPolicy = (name: string): string =>
  `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${name}]`;

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
