/** Reads the secrets of a template, with the rules for generating them, and its queues. */

import type { QueueDefinition, SecretDefinition } from '../stack.ts';
import type { Template } from './cloudformation.ts';
import { flag, number, object } from './property.ts';

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
