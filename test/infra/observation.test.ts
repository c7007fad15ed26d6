import { describe, expect, it } from 'vitest';
import { functionNames } from '../../infra/functions.ts';
import { functionNamed, onlyOf, resourcesOf, statementsOf, synthesize } from './synthesized.ts';

describe('tracing', () => {
  it('is sampled by a rule for the functions of the stack', () => {
    const rule = onlyOf(synthesize('prod'), 'AWS::XRay::SamplingRule').Properties['SamplingRule'];
    expect(rule).toMatchObject({
      FixedRate: 0.01,
      ReservoirSize: 0,
      ServiceName: 'ServerlessChat-prod-*',
      ServiceType: 'AWS::Lambda::Function',
    });
    // The longest name that X-Ray accepts.
    expect(rule.RuleName.length).toBeLessThanOrEqual(32);
  });

  it('is off when its setting is 0, and its permission is gone', () => {
    const template = synthesize('prod', { TRACE_PERCENT: '0' });
    expect(resourcesOf(template, 'AWS::XRay::SamplingRule')).toEqual({});
    for (const name of functionNames) {
      expect(functionNamed(template, name)).not.toHaveProperty('TracingConfig');
      expect(JSON.stringify(statementsOf(template, name))).not.toContain('xray:');
    }
  });
});

describe('concurrency', () => {
  const reservedIn = (environment: NodeJS.ProcessEnv) => {
    const template = synthesize('prod', environment);
    const reserved = functionNames.map((name) => [
      name,
      functionNamed(template, name)['ReservedConcurrentExecutions'],
    ]);
    return Object.fromEntries(reserved.filter(([, value]) => value !== undefined)) as object;
  };

  it('is not reserved by default, since a new account has none to spare', () => {
    expect(reservedIn({})).toEqual({});
  });

  it('can be set aside for handshakes, and limited for fan-out, live room lists and checks of files', () => {
    const environment = {
      HANDSHAKE_CONCURRENCY: '50',
      FAN_OUT_CONCURRENCY: '300',
      INBOX_CONCURRENCY: '100',
      UPLOADS_CONCURRENCY: '50',
    };
    expect(reservedIn(environment)).toEqual({ connect: 50, fanOut: 300, inbox: 100, uploads: 50 });
  });
});
