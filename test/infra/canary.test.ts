/** The canary in the template: its schedule, and the addresses over which it comes. */
import { describe, expect, it } from 'vitest';
import { environmentOf, functionId, resourcesOf, synthesize } from './synthesized.ts';

const schedulesIn = (stage: string, environment: Record<string, string> = {}): any[] =>
  Object.values<any>(resourcesOf(synthesize(stage, environment), 'AWS::Events::Rule')).filter(
    ({ Properties }) => Properties.ScheduleExpression !== undefined,
  );

const environmentIn = (environment: Record<string, string>): Record<string, unknown> =>
  environmentOf(synthesize('dev', environment), 'canary');

describe('the canary', () => {
  it('has no schedule in local and dev, and one of five minutes in staging and prod', () => {
    expect(schedulesIn('local')).toEqual([]);
    expect(schedulesIn('dev')).toEqual([]);
    for (const stage of ['staging', 'prod']) {
      expect(schedulesIn(stage)).toMatchObject([{ Properties: { ScheduleExpression: 'rate(5 minutes)' } }]);
    }
  });

  it('is invoked at the interval of the settings, and not again for a check that failed', () => {
    const [schedule] = schedulesIn('dev', { CANARY_INTERVAL_MINUTES: '1' });
    expect(schedule.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
    const template = synthesize('dev', { CANARY_INTERVAL_MINUTES: '1' });
    const permissions = Object.values<any>(resourcesOf(template, 'AWS::Lambda::Permission'));
    const ofCanary = JSON.stringify({ 'Fn::GetAtt': [functionId(template, 'canary'), 'Arn'] });
    expect(
      permissions.filter(
        ({ Properties }) =>
          Properties.Principal === 'events.amazonaws.com' &&
          JSON.stringify(Properties.FunctionName) === ofCanary,
      ),
    ).toHaveLength(1);
    const retries = Object.entries<any>(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
    expect(retries.find(([id]) => id.startsWith('canary'))![1].Properties.MaximumRetryAttempts).toBe(0);
  });

  it('comes through the edge, and to both APIs where there is none', () => {
    expect(JSON.stringify(environmentIn({})['CHAT_URL'])).toContain('"DomainName"');
    const direct = environmentIn({ EDGE_DISTRIBUTION: 'false' });
    expect(JSON.stringify(direct['CHAT_URL'])).toContain('"ApiEndpoint"');
    expect(JSON.stringify(direct['CHAT_WEBSOCKET_URL'])).toContain('/dev');
  });

  it('comes over the domain name, as users do, where the edge has one', () => {
    const domain = { DOMAIN_NAME: 'chat.example', HOSTED_ZONE_ID: 'Z0123456789ABC' };
    expect(environmentIn(domain)).toMatchObject({
      CHAT_URL: 'https://chat.example',
      CHAT_WEBSOCKET_URL: 'wss://chat.example/ws',
    });
  });
});
