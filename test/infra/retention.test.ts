import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../infra/functions.ts';
import { onlyOf, stackOf, synthesize } from './synthesized.ts';

interface Resource {
  Type: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

function resources(template: Template): [string, Resource][] {
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
  return Object.entries(Resources);
}

const isTableProtected = (template: Template): boolean =>
  onlyOf(template, 'AWS::DynamoDB::GlobalTable').Properties['Replicas'][0].DeletionProtectionEnabled;

describe('the data of a stage', () => {
  const stateful = ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'];

  /** The different policies on deletion and on replacement. */
  function policiesIn(stage: string): string[] {
    const kept = resources(synthesize(stage)).filter(([, { Type }]) => stateful.includes(Type));
    expect(kept.length).toBeGreaterThan(functionNames.length);
    return [
      ...new Set(
        kept.map(
          ([, { DeletionPolicy, UpdateReplacePolicy }]) => `${DeletionPolicy}, then ${UpdateReplacePolicy}`,
        ),
      ),
    ];
  }

  it.each(['staging', 'prod'])('outlives the stack in %s', (stage) => {
    expect(policiesIn(stage)).toEqual(['RetainExceptOnCreate, then Retain']);
  });

  it.each(['local', 'dev'])('is deleted with the stack in %s', (stage) => {
    expect(policiesIn(stage)).toEqual(['Delete, then Delete']);
  });
});

describe('a first deployment that fails', () => {
  it.each(['dev', 'staging', 'prod'])('leaves no resource of %s behind', (stage) => {
    const context = { firstDeployment: 'true' };
    const { stack } = stackOf(stage, { context });
    const template = Template.fromStack(stack);
    const left = resources(template).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
    expect(left.map(([id]) => id)).toEqual([]);
    expect(isTableProtected(template)).toBe(false);
    expect(stack.terminationProtection).toBe(false);
  });
});

describe('a deployment', () => {
  it('protects stack and table when it is not the first and the stage keeps its data', () => {
    for (const stage of ['staging', 'prod']) {
      const { stack } = stackOf(stage);
      expect(stack.terminationProtection).toBe(true);
      expect(isTableProtected(Template.fromStack(stack))).toBe(true);
    }
    expect(stackOf('dev').stack.terminationProtection).toBe(false);
  });

  it('is the same as the first but for the protection of the table', () => {
    const contexts: Record<string, string>[] = [{ firstDeployment: 'true' }, {}];
    const [first, second] = contexts.map(
      (context) => Template.fromStack(stackOf('prod', { context }).stack).toJSON() as object,
    );
    const withoutProtection = (template: object | undefined): string =>
      JSON.stringify(template).replaceAll(/"DeletionProtectionEnabled":(true|false)/g, '');
    expect(withoutProtection(first)).toBe(withoutProtection(second));
    expect(first).not.toEqual(second);
  });
});
