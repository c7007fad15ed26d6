import { describe, expect, it } from 'vitest';
import { signInPaths } from '../../infra/firewall.ts';
import { operations } from '../../shared/contract/http/operations.ts';
import { everyOption } from './every-option.ts';
import { onlyOf, resourcesOf, stackOf, synthesize } from './synthesized.ts';

const all = synthesize('prod', everyOption);
const none = synthesize('prod');
const distribution = (template = all) =>
  onlyOf(template, 'AWS::CloudFront::Distribution').Properties['DistributionConfig'];

const synthesis = (environment: NodeJS.ProcessEnv) => () => stackOf('dev', { environment });

describe('a domain name', () => {
  it('is that of the distribution, with a certificate, the TLS versions of the setting, and records in its zone', () => {
    const [certificateId] = Object.keys(resourcesOf(all, 'AWS::CertificateManager::Certificate'));
    expect(distribution()).toMatchObject({
      Aliases: ['api.chat.example'],
      ViewerCertificate: {
        AcmCertificateArn: { Ref: certificateId },
        MinimumProtocolVersion: 'TLSv1.3_2025',
        SslSupportMethod: 'sni-only',
      },
    });
    const records = Object.values(resourcesOf(all, 'AWS::Route53::RecordSet')).map(({ Properties }) => [
      Properties.Type,
      Properties.Name,
      Properties.HostedZoneId,
    ]);
    expect(records).toEqual([
      ['A', 'api.chat.example.', 'Z0123456789ABCDEFGHIJ'],
      ['AAAA', 'api.chat.example.', 'Z0123456789ABCDEFGHIJ'],
    ]);
    expect(all.findOutputs('EdgeUrl')['EdgeUrl']).toEqual({ Value: 'https://api.chat.example' });
    expect(all.findOutputs('EdgeWebSocketUrl')['EdgeWebSocketUrl']).toEqual({
      Value: 'wss://api.chat.example/ws',
    });
  });

  it('of another DNS takes a certificate and no records', () => {
    const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d';
    const template = synthesize('dev', {
      DOMAIN_NAME: 'chat.example.com',
      CERTIFICATE_ARN: certificate,
      WAIVED_SETTINGS: 'HOSTED_ZONE_ID',
    });
    expect(distribution(template).ViewerCertificate.AcmCertificateArn).toBe(certificate);
    expect(resourcesOf(template, 'AWS::Route53::RecordSet')).toEqual({});
    expect(resourcesOf(template, 'AWS::CertificateManager::Certificate')).toEqual({});
    expect(template.findOutputs('DistributionDomain')).not.toEqual({});
  });

  it.each([
    [{}, 'DOMAIN_NAME chat.example.com needs HOSTED_ZONE_ID'],
    [{ HOSTED_ZONE_ID: 'Z1', EDGE_DISTRIBUTION: 'false' }, 'DOMAIN_NAME needs EDGE_DISTRIBUTION'],
    [
      { HOSTED_ZONE_ID: 'Z1', CDK_DEFAULT_REGION: 'eu-west-1' },
      'DOMAIN_NAME needs CERTIFICATE_ARN in eu-west-1',
    ],
    [{ HOSTED_ZONE_ID: 'zone' }, 'HOSTED_ZONE_ID is "zone"'],
    [{ WAIVED_SETTINGS: 'HOSTED_ZONE_ID' }, 'needs HOSTED_ZONE_ID'],
  ])('with %o is refused in one line', (settings, line) => {
    const refused = synthesis({ DOMAIN_NAME: 'chat.example.com', ...settings });
    expect(refused).toThrow(line);
    expect(refused).not.toThrow(/\n/);
  });
});

describe('the firewall', () => {
  const rules: any[] = onlyOf(all, 'AWS::WAFv2::WebACL').Properties['Rules'];

  it('stands in front of the distribution where it is switched on, and nowhere else', () => {
    const [id] = Object.keys(resourcesOf(all, 'AWS::WAFv2::WebACL'));
    expect(distribution().WebACLId).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    expect(onlyOf(all, 'AWS::WAFv2::WebACL').Properties['Scope']).toBe('CLOUDFRONT');
    expect(resourcesOf(none, 'AWS::WAFv2::WebACL')).toEqual({});
    expect(distribution(none)).not.toHaveProperty('WebACLId');
  });

  it('limits registrations and logins of one address', () => {
    const { RateBasedStatement } = rules.find(({ Name }) => Name === 'SignIns').Statement;
    expect(RateBasedStatement).toMatchObject({
      AggregateKeyType: 'IP',
      Limit: 100,
      EvaluationWindowSec: 300,
    });
    const paths = RateBasedStatement.ScopeDownStatement.OrStatement.Statements.map(
      ({ ByteMatchStatement }: any) => ByteMatchStatement.SearchString,
    );
    expect(paths).toEqual(signInPaths);
    const { registerUser, loginUser } = operations;
    expect([registerUser.path, loginUser.path]).toEqual(signInPaths.map((path) => `${path}/`));
  });

  it('blocks no text of a message and no client without a User-Agent', () => {
    const groups = rules.flatMap(({ Statement }) => Statement.ManagedRuleGroupStatement ?? []);
    const counted = groups.flatMap(({ RuleActionOverrides = [] }) =>
      RuleActionOverrides.map(({ Name, ActionToUse }: any) => [Name, ActionToUse]),
    );
    const names = counted.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['NoUserAgent_HEADER', 'CrossSiteScripting_BODY', 'Log4JRCE_BODY']),
    );
    for (const [, action] of counted) expect(action).toEqual({ Count: {} });
    expect(groups.map(({ VendorName }) => VendorName)).toEqual(['AWS', 'AWS', 'AWS']);
  });

  it('keeps no sample of a request, which would hold tokens', () => {
    for (const { VisibilityConfig } of rules) expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
  });

  it('may be one that exists already', () => {
    const arn = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/chat/0a1b2c3d';
    const template = synthesize('dev', {
      FIREWALL: 'true',
      WEB_ACL_ARN: arn,
      CDK_DEFAULT_REGION: 'eu-west-1',
    });
    expect(distribution(template).WebACLId).toBe(arn);
    expect(resourcesOf(template, 'AWS::WAFv2::WebACL')).toEqual({});
  });

  it.each([
    [{ FIREWALL: 'true', EDGE_DISTRIBUTION: 'false' }, 'FIREWALL needs EDGE_DISTRIBUTION'],
    [{ FIREWALL: 'true', CDK_DEFAULT_REGION: 'eu-west-1' }, 'FIREWALL needs WEB_ACL_ARN in eu-west-1'],
    [{ REQUIRE_EDGE: 'true', EDGE_DISTRIBUTION: 'false' }, 'REQUIRE_EDGE needs EDGE_DISTRIBUTION'],
  ])('with %o is refused in one line', (settings, line) => {
    expect(synthesis(settings)).toThrow(line);
  });
});

describe('a stage without the edge', () => {
  const template = synthesize('prod', { EDGE_DISTRIBUTION: 'false' });

  it('has no resource and no output of the distribution, and no function waits for its key', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/AWS::CloudFront|AWS::WAFv2|\{\{resolve:|EdgeUrl/);
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['HttpApiUrl', 'WebSocketUrl']),
    );
  });
});

describe('costs', () => {
  it('are reported to the address of the alarms before a budget is used up and when they are unusual', () => {
    const budget = onlyOf(all, 'AWS::Budgets::Budget')['Properties'];
    expect(budget.Budget).toMatchObject({ BudgetLimit: { Amount: 500, Unit: 'USD' }, TimeUnit: 'MONTHLY' });
    for (const { Subscribers } of budget.NotificationsWithSubscribers)
      expect(Subscribers).toEqual([{ SubscriptionType: 'EMAIL', Address: 'ops@chat.example' }]);
    const monitor = onlyOf(all, 'AWS::CE::AnomalyMonitor').Properties['MonitorSpecification'];
    expect(JSON.parse(monitor)).toEqual({ Tags: { Key: 'deployment-stage', Values: ['prod'] } });
    const { ThresholdExpression, Subscribers } = onlyOf(all, 'AWS::CE::AnomalySubscription')['Properties'];
    expect(JSON.parse(ThresholdExpression).Dimensions.Values).toEqual(['50']);
    expect(Subscribers).toEqual([{ Type: 'EMAIL', Address: 'ops@chat.example' }]);
  });

  it('are not reported where neither is set, and cannot be without an address', () => {
    expect(JSON.stringify(none.toJSON())).not.toMatch(/AWS::(Budgets|CE)::/);
    expect(synthesis({ MONTHLY_BUDGET_DOLLARS: '5' })).toThrow(
      'MONTHLY_BUDGET_DOLLARS and COST_ANOMALY_DOLLARS need',
    );
  });

  it('are allocated by the tags of the stack', () => {
    expect(stackOf('prod', { environment: everyOption }).stack.tags.tagValues()).toEqual({
      application: 'serverless-chat',
      'deployment-stage': 'prod',
      'cost-center': '42',
      team: 'chat',
    });
    expect(synthesis({ TAGS: 'aws:x=1' })).toThrow('TAGS is "aws:x=1"');
  });
});

describe('backups', () => {
  it('are made daily, kept as long as the setting says, and outlive the stack', () => {
    const [rule] = onlyOf(all, 'AWS::Backup::BackupPlan').Properties['BackupPlan'].BackupPlanRule;
    expect(rule).toMatchObject({
      ScheduleExpression: 'cron(0 3 * * ? *)',
      Lifecycle: { DeleteAfterDays: 30 },
    });
    expect(onlyOf(all, 'AWS::Backup::BackupVault')['DeletionPolicy']).toBe('RetainExceptOnCreate');
    const [tableId] = Object.keys(resourcesOf(all, 'AWS::DynamoDB::GlobalTable'));
    const { Resources } = onlyOf(all, 'AWS::Backup::BackupSelection').Properties['BackupSelection'];
    expect(Resources).toEqual([{ 'Fn::GetAtt': [tableId, 'Arn'] }]);
  });

  it('are not made unless the setting asks for them', () => {
    expect(JSON.stringify(none.toJSON())).not.toContain('AWS::Backup::');
  });
});
