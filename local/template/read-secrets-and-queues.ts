/** Reads the secrets of a template, with the rules for generating them, its queues and its buckets. */

import type { BucketDefinition, QueueDefinition, SecretDefinition } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { flag, number, object, objects } from './property.ts';

/** Reads the secrets; the local Secrets Manager generates their values. */
export function readSecrets(template: Template): SecretDefinition[] {
  return template.ofType('AWS::SecretsManager::Secret').map(({ logicalId, properties }) => {
    const generate = object(properties, 'GenerateSecretString');
    const isGenerated = properties['GenerateSecretString'] !== undefined;
    const {
      SecretStringTemplate: valueTemplate,
      GenerateStringKey: key,
      ExcludeCharacters: excluded,
    } = generate;
    return {
      logicalId,
      stackName: template.stackName,
      arn: template.ref(logicalId),
      ...(isGenerated && {
        generate: {
          length: number(generate, 'PasswordLength', 32),
          ...(typeof valueTemplate === 'string' && { template: valueTemplate }),
          ...(typeof key === 'string' && { key }),
          excludePunctuation: flag(generate, 'ExcludePunctuation'),
          excludeCharacters: typeof excluded === 'string' ? excluded : '',
        },
      }),
      ...(typeof properties['SecretString'] === 'string' && { value: properties['SecretString'] }),
    };
  });
}

/** Reads the queues. */
export function readQueues(template: Template): QueueDefinition[] {
  return template.ofType('AWS::SQS::Queue').map(({ logicalId }) => ({
    logicalId,
    queueName: template.getAtt(logicalId, 'QueueName'),
  }));
}

/**
 * Reads the buckets, with the queues that are notified of new objects.
 * @throws StartFailure when a bucket notifies a queue that the template does not have
 */
export function readBuckets(template: Template): BucketDefinition[] {
  const queueIds = new Map(
    template
      .ofType('AWS::SQS::Queue')
      .map(({ logicalId }) => [template.getAtt(logicalId, 'Arn'), logicalId] as const),
  );
  return template.ofType('AWS::S3::Bucket').map(({ logicalId, properties }) => ({
    logicalId,
    bucketName: template.ref(logicalId),
    notifiedQueueIds: objects(object(properties, 'NotificationConfiguration'), 'QueueConfigurations').map(
      ({ Queue: arn }) => {
        const queueId = queueIds.get(String(arn));
        if (queueId === undefined)
          throw new StartFailure(
            `The template's bucket ${logicalId} notifies ${String(arn)}, which is not a queue of the template`,
          );
        return queueId;
      },
    ),
  }));
}
