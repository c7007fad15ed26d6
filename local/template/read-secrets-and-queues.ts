/** Reads the secrets of a template, with how their values are made, and its queues. */

import type { QueueDefinition, SecretDefinition } from '../stack.ts';
import type { Template } from './cloudformation.ts';
import { flag, number, object } from './property.ts';

/** The secrets; a secret's value is made by the stand-in for Secrets Manager, once. */
export function readSecrets(template: Template): SecretDefinition[] {
  return template.ofType('AWS::SecretsManager::Secret').map(({ logicalId, properties }) => {
    const generate = object(properties, 'GenerateSecretString');
    const generated = properties['GenerateSecretString'] !== undefined;
    const {
      SecretStringTemplate: valueTemplate,
      GenerateStringKey: key,
      ExcludeCharacters: excluded,
    } = generate;
    return {
      logicalId,
      arn: template.ref(logicalId),
      ...(generated && {
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

/** The queues. */
export function readQueues(template: Template): QueueDefinition[] {
  return template.ofType('AWS::SQS::Queue').map(({ logicalId }) => ({
    logicalId,
    queueName: template.getAtt(logicalId, 'QueueName'),
  }));
}
