/** Refuses a stage whose settings lack what it requires or contradict one another, before anything is deployed. */
import type { StageName } from '../shared/settings/setting.ts';
import { settingRows, type StageSettings } from '../shared/settings/settings.ts';
import { InvalidStageError } from './invalid-stage.ts';

/**
 * Checks the settings of a stage as a whole; each value alone was checked when it was read. The region is the one that the
 * stage is deployed to, where it is known.
 * @throws InvalidStageError in one line, with every variable that is missing and how to waive it
 */
export function assertComplete(stage: StageName, settings: StageSettings, region?: string): void {
  const { waivedSettings: waived } = settings;
  const known = settingRows.map(([, { variable }]) => variable);
  const unknown = waived.filter((variable) => !known.includes(variable));
  if (unknown.length > 0)
    throw new InvalidStageError(`WAIVED_SETTINGS names ${unknown.join(', ')}, which is not a setting`);

  const contradiction = contradictions(settings, region).find((line) => line !== undefined);
  if (contradiction !== undefined) throw new InvalidStageError(contradiction);

  const missing = settingRows
    .filter(([name, { requiredIn = [] }]) => requiredIn.includes(stage) && isAbsent(settings[name]))
    .map(([, { variable }]) => variable)
    .filter((variable) => !waived.includes(variable));
  if (missing.length > 0) {
    throw new InvalidStageError(
      `Stage ${stage} requires ${missing.join(' and ')}: set each in settings/${stage}.json or in the environment, ` +
        `or deploy without with WAIVED_SETTINGS=${[...waived, ...missing].join(',')}`,
    );
  }
}

const lineIf = (condition: boolean, line: string): string | undefined => (condition ? line : undefined);

/** Returns a line for each setting that needs another one. */
function contradictions(settings: StageSettings, region: string | undefined): (string | undefined)[] {
  const { hasEdge, domainName, hostedZoneId, certificateArn, alarmEmail } = settings;
  const createsAcl = settings.hasFirewall && settings.webAclArn === undefined;
  const createsCertificate = domainName !== undefined && certificateArn === undefined;
  const isElsewhere = region !== undefined && region !== 'us-east-1';
  const hasOwnDns = certificateArn !== undefined && settings.waivedSettings.includes('HOSTED_ZONE_ID');
  const warnsOfCosts = settings.monthlyBudgetDollars > 0 || settings.costAnomalyDollars > 0;
  return [
    lineIf(
      settings.requiresEdge && !hasEdge,
      'REQUIRE_EDGE needs EDGE_DISTRIBUTION, which sends the edge key',
    ),
    lineIf(
      domainName !== undefined && !hasEdge,
      'DOMAIN_NAME needs EDGE_DISTRIBUTION, since one domain of API Gateway cannot have both APIs',
    ),
    lineIf(
      domainName !== undefined && hostedZoneId === undefined && !hasOwnDns,
      `DOMAIN_NAME ${domainName} needs HOSTED_ZONE_ID, its zone in Route 53; with another DNS, set CERTIFICATE_ARN and ` +
        'WAIVED_SETTINGS=HOSTED_ZONE_ID',
    ),
    lineIf(
      createsCertificate && isElsewhere,
      `DOMAIN_NAME needs CERTIFICATE_ARN in ${region}: CloudFront takes certificates from us-east-1 only`,
    ),
    lineIf(settings.hasFirewall && !hasEdge, 'FIREWALL needs EDGE_DISTRIBUTION, in front of which it stands'),
    lineIf(
      createsAcl && isElsewhere,
      `FIREWALL needs WEB_ACL_ARN in ${region}: web ACLs of CloudFront are created in us-east-1 only`,
    ),
    lineIf(
      warnsOfCosts && alarmEmail === undefined,
      'MONTHLY_BUDGET_DOLLARS and COST_ANOMALY_DOLLARS need ALARM_EMAIL, to which they write',
    ),
  ];
}

function isAbsent(value: StageSettings[keyof StageSettings]): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
