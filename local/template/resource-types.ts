/** The supported resource types, with the values of `Ref` and `Fn::GetAtt` for each. */

import { createHash } from 'node:crypto';
import { StartFailure } from '../start-failure.ts';
import type { PseudoParameters } from './intrinsics.ts';

export interface ResourceIdentity {
  logicalId: string;
  type: string;
  /** Returns a resolved property of the resource. */
  property(name: string): unknown;
}

/** Types that a local run ignores or only enforces: roles, logs, alarms, and others only for AWS. */
const typesNotRun = [
  /^AWS::IAM::/,
  /^AWS::Logs::/,
  /^AWS::CloudWatch::/,
  /^AWS::SNS::/,
  /^AWS::KMS::/,
  /^AWS::WAFv2::/,
  /^AWS::ApplicationInsights::/,
  /^AWS::ResourceGroups::/,
  /^AWS::(Budgets|CE|Backup|CodeDeploy|XRay|Route53|CertificateManager)::/,
  /^AWS::CDK::Metadata$/,
  /^AWS::Lambda::(Permission|Version|Alias)$/,
  /^AWS::ApiGatewayV2::(Deployment|DomainName|ApiMapping)$/,
  /^AWS::ApiGateway::Account$/,
  /^AWS::CloudFront::(CachePolicy|OriginRequestPolicy|OriginAccessControl)$/,
  /^AWS::SecretsManager::(ResourcePolicy|RotationSchedule)$/,
  /^AWS::(SQS::QueuePolicy|S3::BucketPolicy)$/,
  /^AWS::ApplicationAutoScaling::/,
];

const typesRun = new Set([
  'AWS::Lambda::Function',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::ApiGatewayV2::IntegrationResponse',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::S3::Bucket',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::Events::Rule',
  'Custom::PageFiles',
]);

/** Whether the runtime runs resources of a type or may leave them out. */
export function isKnownType(type: string): boolean {
  return typesRun.has(type) || typesNotRun.some((pattern) => pattern.test(type));
}

/** Returns the `Ref` of a resource. */
export function referenceOf(resource: ResourceIdentity, { region, accountId }: PseudoParameters): string {
  const named = (property: string): string => {
    const name = resource.property(property);
    return typeof name === 'string' ? name : resource.logicalId;
  };
  switch (resource.type) {
    case 'AWS::Lambda::Function':
      return named('FunctionName');
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias': {
      const qualifier = resource.type === 'AWS::Lambda::Alias' ? named('Name') : '1';
      return `arn:aws:lambda:${region}:${accountId}:function:${String(resource.property('FunctionName'))}:${qualifier}`;
    }
    case 'AWS::DynamoDB::GlobalTable':
    case 'AWS::DynamoDB::Table':
      return named('TableName');
    case 'AWS::ApiGatewayV2::Api':
      return stableId(resource.logicalId);
    case 'AWS::ApiGatewayV2::Stage':
      return named('StageName');
    case 'AWS::SecretsManager::Secret':
      return `arn:aws:secretsmanager:${region}:${accountId}:secret:${named('Name')}-${stableId(resource.logicalId).slice(0, 6)}`;
    case 'AWS::SQS::Queue':
      return `https://sqs.${region}.amazonaws.com/${accountId}/${named('QueueName')}`;
    case 'AWS::S3::Bucket':
      return named('BucketName').toLowerCase();
    case 'AWS::Lambda::EventSourceMapping':
      return stableUuid(resource.logicalId);
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${region}:${accountId}:${named('TopicName')}`;
    case 'AWS::CloudFront::Distribution':
      return stableId(resource.logicalId).toUpperCase();
    case 'AWS::CloudFront::Function':
      return `arn:aws:cloudfront::${accountId}:function/${named('Name')}`;
    case 'AWS::Logs::LogGroup':
      return named('LogGroupName');
    case 'AWS::Events::Rule':
      return named('Name');
    default:
      return resource.logicalId;
  }
}

/**
 * Returns an attribute (`Fn::GetAtt`) of a resource.
 * @throws StartFailure when the attribute is not supported
 */
export function attributeOf(resource: ResourceIdentity, attribute: string, pseudo: PseudoParameters): string {
  const { region, accountId } = pseudo;
  const reference = referenceOf(resource, pseudo);
  switch (`${resource.type} ${attribute}`) {
    case 'AWS::Lambda::Function Arn':
      return `arn:aws:lambda:${region}:${accountId}:function:${reference}`;
    case 'AWS::DynamoDB::GlobalTable Arn':
    case 'AWS::DynamoDB::Table Arn':
      return `arn:aws:dynamodb:${region}:${accountId}:table/${reference}`;
    case 'AWS::DynamoDB::GlobalTable StreamArn':
    case 'AWS::DynamoDB::Table StreamArn':
      return `arn:aws:dynamodb:${region}:${accountId}:table/${reference}/stream/local`;
    case 'AWS::ApiGatewayV2::Api ApiEndpoint': {
      const scheme = resource.property('ProtocolType') === 'WEBSOCKET' ? 'wss' : 'https';
      return `${scheme}://${reference}.execute-api.${region}.amazonaws.com`;
    }
    case 'AWS::ApiGatewayV2::Api ApiId':
    case 'AWS::SecretsManager::Secret Id':
    case 'AWS::SQS::Queue QueueUrl':
    case 'AWS::CloudFront::Distribution Id':
    case 'AWS::CloudFront::Function FunctionARN':
      return reference;
    case 'AWS::SQS::Queue Arn':
      return `arn:aws:sqs:${region}:${accountId}:${lastSegment(reference)}`;
    case 'AWS::S3::Bucket RegionalDomainName':
      return `${reference}.s3.${region}.amazonaws.com`;
    case 'AWS::S3::Bucket Arn':
      return `arn:aws:s3:::${reference}`;
    case 'AWS::Events::Rule Arn':
      return `arn:aws:events:${region}:${accountId}:rule/${reference}`;
    case 'AWS::SQS::Queue QueueName':
      return lastSegment(reference);
    case 'AWS::CloudFront::Distribution DomainName':
      return `${reference.toLowerCase()}.cloudfront.net`;
    default:
      // A resource that is run may refer to one that is not, such as a role, a log group or a topic.
      if (!typesRun.has(resource.type))
        return `arn:aws:local:${region}:${accountId}:${reference}/${attribute}`;
      throw new StartFailure(
        `The template uses the attribute ${attribute} of ${resource.logicalId} (${resource.type}), which the local runtime does not support`,
      );
  }
}

/** Derives ten letters and digits from a name, in the format of the ids of APIs and distributions. */
function stableId(name: string): string {
  return BigInt(`0x${createHash('sha256').update(name).digest('hex')}`)
    .toString(36)
    .slice(0, 10);
}

/** Derives a UUID from a name, in the format of the ids of event source mappings. */
function stableUuid(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
