import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageNames } from '../../shared/settings/setting.ts';
import { everyOption } from './every-option.ts';
import { synthesize } from './synthesized.ts';

/** Types that hold data, keys, addresses or undelivered work, with the properties whose change makes CloudFormation replace them. */
const stateful: Record<string, readonly string[]> = {
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['StageName'],
  'AWS::CloudFront::Distribution': [],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage'],
  'AWS::Backup::BackupVault': ['BackupVaultName', 'EncryptionKeyArn'],
};

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

/** Returns the stateful resources by logical id, each with its type and the properties that must not change. */
function statefulIn(template: Template): Record<string, unknown[]> {
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
  const found = Object.entries(Resources).filter(([, { Type }]) => Type in stateful);
  return Object.fromEntries(
    found.map(([id, { Type, Properties = {} }]) => [
      id,
      [
        Type,
        ...stateful[Type]!.flatMap((name) => (name in Properties ? [{ [name]: Properties[name] }] : [])),
      ],
    ]),
  );
}

/**
 * What every deployed stage consists of. An entry that changes or disappears means that the next deployment replaces or
 * deletes the resource, with the data, the keys or the address that clients know. Only add entries.
 */
const deployed = (stage: string): Record<string, unknown[]> => ({
  TableCD117FA1: [
    'AWS::DynamoDB::GlobalTable',
    {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    },
  ],
  SigningKeyEEFC2790: ['AWS::SecretsManager::Secret'],
  PasswordPepper7B58D7D7: ['AWS::SecretsManager::Secret'],
  EdgeKeyC9B06B43: ['AWS::SecretsManager::Secret'],
  CanaryKey53D2D0D1: ['AWS::SecretsManager::Secret'],
  ContentHashKey14325E3D: ['AWS::SecretsManager::Secret'],
  FilesKey9DB000E8: ['AWS::SecretsManager::Secret'],
  Files8E6940B8: ['AWS::S3::Bucket'],
  Failures8A3E1A2F: ['AWS::SQS::Queue'],
  FailedInvocationsED025904: ['AWS::S3::Bucket'],
  PageA98A310E: ['AWS::S3::Bucket'],
  HttpApiF5A9A8A7: ['AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }],
  HttpStageB46AEAD3: ['AWS::ApiGatewayV2::Stage', { StageName: '$default' }],
  WebSocketApi34BCF99B: ['AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }],
  WebSocketStageC46B7E43: ['AWS::ApiGatewayV2::Stage', { StageName: stage }],
  Edge7038544F: ['AWS::CloudFront::Distribution'],
});

describe('an upgrade', () => {
  it.each(stageNames)('replaces no stateful resource of stage %s', (stage) => {
    expect(statefulIn(synthesize(stage))).toEqual(deployed(stage));
  });

  it('replaces no stateful resource when an operator switches everything on', () => {
    const vault = Object.entries(statefulIn(synthesize('prod', everyOption))).filter(
      ([, [type]]) => type === 'AWS::Backup::BackupVault',
    );
    expect(vault).toHaveLength(1);
    expect(statefulIn(synthesize('prod', everyOption))).toEqual({
      ...deployed('prod'),
      ...Object.fromEntries(vault),
    });
  });
});
