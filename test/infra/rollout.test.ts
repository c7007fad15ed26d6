import { describe, expect, it } from 'vitest';
import { functionNames } from '../../infra/functions.ts';
import { functionId, onlyOf, resourcesOf, synthesize } from './synthesized.ts';

const template = synthesize('prod');
const aliases = Object.entries(resourcesOf(template, 'AWS::Lambda::Alias'));
const aliasOf = (functionLogicalId: string): string =>
  aliases.find(([, { Properties }]) => Properties.FunctionName.Ref === functionLogicalId)![0];

describe('a gradual deployment', () => {
  it('moves the alias of every function by CodeDeploy, and back on an alarm', () => {
    expect(aliases).toHaveLength(functionNames.length);
    const alarmIds = Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    for (const [, { UpdatePolicy, Properties }] of aliases) {
      expect(Properties.Name).toBe('live');
      const group = UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName.Ref;
      const { Properties: deployment } = resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup')[group]!;
      expect(deployment).toMatchObject({
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent15Minutes',
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
        },
      });
      const ids: string[] = deployment.AlarmConfiguration.Alarms.map(({ Name }: any) => Name.Ref);
      expect(ids.map((id) => id.replace(/Alarm\w+$/, '')).toSorted()).toEqual([
        'ChangesFailed',
        'CommandsFailed',
        expect.stringMatching(/^FunctionErrors\w+$/),
        'LoggedErrors',
        'RequestsFailed',
      ]);
      expect(alarmIds).toEqual(expect.arrayContaining(ids));
    }
  });

  it('is what the APIs, the stream, the schedule and other functions invoke', () => {
    const integrations = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'));
    for (const { Properties } of integrations)
      expect(JSON.stringify(Properties.IntegrationUri)).toMatch(/"Ref":"\w+Live\w+"/);
    const mapping = onlyOf(template, 'AWS::Lambda::EventSourceMapping').Properties['FunctionName'];
    expect(JSON.stringify(mapping)).toContain(aliasOf(functionId(template, 'tableStream')));
    const fanOut = functionId(template, 'fanOut');
    const caller = template.toJSON()['Resources'][functionId(template, 'tableStream')].Properties;
    const name = caller.Environment.Variables.FAN_OUT_FUNCTION_NAME;
    expect(JSON.stringify(name)).toContain(aliasOf(fanOut));
    const canary = functionId(template, 'canary');
    const byRules = [canary, functionId(template, 'uploads')].map((id) => ({ Ref: aliasOf(id) }));
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule'));
    expect(rules.flatMap(({ Properties }) => Properties.Targets.map(({ Arn }: any) => Arn))).toEqual(
      expect.arrayContaining(byRules),
    );
    const permissions = Object.values(resourcesOf(template, 'AWS::Lambda::Permission')).filter(
      ({ Properties }) => Properties.Principal === 'events.amazonaws.com',
    );
    expect(permissions.map(({ Properties }) => Properties.FunctionName)).toEqual(
      expect.arrayContaining(byRules),
    );
    const configs = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
    for (const invoked of [fanOut, canary]) {
      const config = configs.find(({ Properties }) => Properties.FunctionName.Ref === invoked);
      expect(config?.['Properties']).toMatchObject({
        FunctionName: { Ref: invoked },
        // CloudFormation takes the name of the alias out of its ARN.
        Qualifier: { 'Fn::Select': [7, { 'Fn::Split': [':', { Ref: aliasOf(invoked) }] }] },
      });
    }
  });

  it('is not made in dev, which has neither aliases nor versions', () => {
    expect(JSON.stringify(synthesize('dev').toJSON())).not.toMatch(
      /AWS::CodeDeploy|AWS::Lambda::(Alias|Version)/,
    );
  });

  it('is refused with a name that CodeDeploy does not have', () => {
    expect(() => synthesize('dev', { ROLLOUT: 'Slowly' })).toThrow(
      'ROLLOUT is "Slowly", expected one of AllAtOnce,',
    );
  });
});
