/** The preflight against accounts in the states that keep a deployment from succeeding. */
import { describe, expect, it } from 'vitest';
import { stageSettings } from '../../../infra/stages.ts';
import { requiredBootstrapVersion } from '../../../tools/operate/preflight/account-checks.ts';
import { hasProblem, printFindings, type Finding } from '../../../tools/operate/preflight/finding.ts';
import { preflight } from '../../../tools/operate/preflight/preflight.ts';
import { fakeAws, type FakeAccount } from './fake-aws.ts';

const ready = { ALLOWED_ORIGINS: 'https://chat.example', ALARM_EMAIL: 'ops@chat.example' };

function findingsFor(account: Partial<FakeAccount> = {}, environment: Record<string, string> = ready) {
  return preflight({
    api: fakeAws(account).api,
    stage: 'prod',
    settings: stageSettings('prod', environment),
  });
}

const foreignRole = 'arn:aws:iam::111122223333:role/apis';

const named = (findings: readonly Finding[], check: string): Finding | undefined =>
  findings.find((finding) => finding.check === check);

describe('the preflight', () => {
  it('finds nothing to do in an account that is ready', async () => {
    const findings = await findingsFor();
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(named(findings, 'credentials')?.text).toBe(
      'arn:aws:sts::111122223333:assumed-role/Operator/ann in account 111122223333, region eu-central-1',
    );
    expect(findings).toHaveLength(12);
  });

  it('reports refused credentials as the only finding about the account', async () => {
    const findings = await findingsFor({ identity: undefined });
    expect(findings.map(({ check }) => check)).toEqual(['credentials', 'settings', 'origins', 'alarms']);
    expect(named(findings, 'credentials')).toMatchObject({
      level: 'problem',
      text: expect.stringContaining('InvalidClientTokenId'),
      advice: expect.stringContaining('AWS_PROFILE'),
    });
  });

  it.each<[string, string, Partial<FakeAccount>, string]>([
    ['concurrency', 'warning', { concurrency: 10 }, 'L-B99A9384'],
    ['request rate', 'warning', { requestRate: 2_500 }, 'HTTP_REQUESTS_PER_SECOND'],
    ['bootstrap', 'problem', { stacks: {} }, 'npx cdk bootstrap'],
    [
      'bootstrap',
      'problem',
      { stacks: { CDKToolkit: { status: 'ROLLBACK_COMPLETE', outputs: {} } } },
      'npx cdk bootstrap',
    ],
    ['edge', 'warning', { distributions: 0 }, 'EDGE_DISTRIBUTION=false'],
    ['log role', 'warning', { logRole: foreignRole }, 'SET_API_GATEWAY_LOG_ROLE=false'],
  ])('reports %s as a %s with %o, and what to do', async (check, level, account, advice) => {
    const finding = named(await findingsFor(account), check);
    expect(finding).toMatchObject({ level, advice: expect.stringContaining(advice) });
  });

  it('keeps a log role that was set before where the setting says so, and refuses a stage that would have none', async () => {
    const settings = { ...ready, SET_API_GATEWAY_LOG_ROLE: 'false' };
    expect(named(await findingsFor({ logRole: foreignRole }, settings), 'log role')?.level).toBe('ok');
    expect(named(await findingsFor({}, settings), 'log role')).toMatchObject({
      level: 'problem',
      advice: expect.stringContaining('SET_API_GATEWAY_LOG_ROLE'),
    });
  });

  it.each([
    ['all that Lambda allows', { concurrency: 450 }, 'ok', undefined],
    ['more than Lambda allows', { concurrency: 449 }, 'problem', 'Lower these settings by 1 together'],
    ['what other stacks have reserved', { reserved: 700 }, 'problem', 'request 150 more'],
    ['the concurrency of a new account', { concurrency: 10 }, 'problem', 'by 350 together'],
  ] as const)('judges a stage that sets aside %s', async (_, account, level, advice) => {
    const settings = {
      ...ready,
      HANDSHAKE_CONCURRENCY: '50',
      FAN_OUT_CONCURRENCY: '200',
      INBOX_CONCURRENCY: '100',
    };
    const finding = named(await findingsFor(account, settings), 'reservations');
    expect(finding).toMatchObject({ level });
    expect(finding?.advice ?? '').toContain(advice ?? '');
  });

  it('only warns of a shortage for a stage that may have reserved its part already', async () => {
    const { stacks } = fakeAws().account;
    const account = {
      reserved: 700,
      stacks: { ...stacks, 'ServerlessChat-prod': { status: 'CREATE_COMPLETE' } },
    };
    const settings = { ...ready, FAN_OUT_CONCURRENCY: '300' };
    expect(named(await findingsFor(account, settings), 'reservations')).toMatchObject({
      level: 'warning',
      advice: expect.stringContaining('has reserved 100 of them already'),
    });
  });

  it.each([
    ['ROLLBACK_COMPLETE', 'npm run destroy -- --stage prod --yes ServerlessChat-prod'],
    ['DELETE_FAILED', 'npm run destroy'],
    ['UPDATE_IN_PROGRESS', 'Wait'],
    ['UPDATE_ROLLBACK_FAILED', 'npx cdk rollback'],
  ])('says how to get on from a stack that is %s', async (status, advice) => {
    const { stacks } = fakeAws().account;
    const findings = await findingsFor({ stacks: { ...stacks, 'ServerlessChat-prod': { status } } });
    expect(named(findings, 'stack')).toMatchObject({
      level: 'problem',
      advice: expect.stringContaining(advice),
    });
  });

  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'])(
    'accepts a stack that is %s',
    async (status) => {
      const { stacks } = fakeAws().account;
      const findings = await findingsFor({ stacks: { ...stacks, 'ServerlessChat-prod': { status } } });
      expect(named(findings, 'stack')?.level).toBe('ok');
    },
  );

  it('warns about what the credentials may not read, and reports the rest', async () => {
    const findings = await findingsFor({ denied: ['servicequotas', 'cloudfront'] });
    expect(named(findings, 'connection rate')).toMatchObject({
      level: 'warning',
      text: expect.stringContaining('AccessDenied'),
    });
    expect(named(findings, 'edge')?.level).toBe('warning');
    expect(named(findings, 'bootstrap')?.level).toBe('ok');
    expect(hasProblem(findings)).toBe(false);
  });

  it('does not ask CloudFront about a stage without an edge distribution', async () => {
    const findings = await findingsFor({ denied: ['cloudfront'] }, { ...ready, EDGE_DISTRIBUTION: 'false' });
    expect(named(findings, 'edge')?.level).toBe('ok');
  });

  it('reports the settings that prod requires as a problem, and those that were waived as warnings', async () => {
    expect(named(await findingsFor({}, {}), 'settings')).toMatchObject({
      level: 'problem',
      text: expect.stringMatching(/^Stage prod requires .*ALLOWED_ORIGINS.*WAIVED_SETTINGS=/),
    });
    const waived = await findingsFor({}, { ...ready, ALARM_EMAIL: '', WAIVED_SETTINGS: 'ALARM_EMAIL' });
    expect(hasProblem(waived)).toBe(false);
    expect(named(waived, 'alarms')?.level).toBe('warning');
  });

  it.each([
    [{ FIREWALL: 'true' }, 'FIREWALL needs WEB_ACL_ARN in eu-central-1'],
    [
      { DOMAIN_NAME: 'chat.example.com', HOSTED_ZONE_ID: 'Z0123456789ABCDEFGHIJ' },
      'DOMAIN_NAME needs CERTIFICATE_ARN in eu-central-1',
    ],
  ])('reports %o as a problem of the region', async (settings, text) => {
    expect(named(await findingsFor({}, { ...ready, ...settings }), 'settings')).toMatchObject({
      level: 'problem',
      text: expect.stringContaining(text),
    });
  });

  it('prints the advice below its finding', () => {
    const lines: string[] = [];
    printFindings([{ check: 'edge', level: 'warning', text: 'None yet', advice: 'Deploy without.' }], {
      print: (line) => void lines.push(line),
      printError: (line) => void lines.push(line),
    });
    expect(lines).toEqual(['warning  edge  None yet', '               Deploy without.']);
  });

  it('requires the bootstrap version that the CDK requires for the stack', async () => {
    const { buildApp } = await import('../../../infra/app.ts');
    const assembly = buildApp({ stage: 'dev', fast: true, code: 'none' }).synth();
    const [stack] = assembly.stacks;
    expect(stack?.requiresBootstrapStackVersion).toBe(requiredBootstrapVersion);
  });
});
