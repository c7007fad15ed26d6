/**
 * The web ACL in front of the distribution: rules that AWS maintains, and a rate for registration and login. It belongs to
 * CloudFront, whose web ACLs exist in us-east-1 only, and API Gateway's HTTP and WebSocket APIs cannot have one of their own:
 * REQUIRE_EDGE keeps clients from bypassing it.
 */
import { Stack } from 'aws-cdk-lib/core';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

interface ManagedRules {
  name: string;
  /** Rules that only count, since legitimate requests match them. */
  counted: readonly string[];
}

const managedRules: readonly ManagedRules[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: [
      // Messages are free text: people discuss scripts, paths and addresses, and 8 KB is less than a message may have.
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
      // WebSocket clients outside browsers send no User-Agent.
      'NoUserAgent_HEADER',
    ],
  },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    counted: ['Log4JRCE_BODY', 'JavaDeserializationRCE_BODY', 'ReactJSRCE_BODY'],
  },
];

const visible = (metricName: string) => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  // Samples hold headers and query strings, and therefore tokens and tickets.
  sampledRequestsEnabled: false,
});

/** The paths of registration and login in the contract, without the slash at the end, which clients may leave out. */
export const signInPaths = ['/users/auth/register', '/users/auth/login'];

function rateRule(priority: number, limit: number): CfnWebACL.RuleProperty {
  return {
    name: 'SignIns',
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    visibilityConfig: visible('SignIns'),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        evaluationWindowSec: 300,
        limit,
        scopeDownStatement: {
          orStatement: {
            statements: signInPaths.map((searchString) => ({
              byteMatchStatement: {
                fieldToMatch: { uriPath: {} },
                positionalConstraint: 'STARTS_WITH',
                searchString,
                textTransformations: [
                  { priority: 0, type: 'URL_DECODE' },
                  { priority: 1, type: 'NORMALIZE_PATH' },
                ],
              },
            })),
          },
        },
      },
    },
  };
}

function managedRule({ name, counted }: ManagedRules, priority: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    visibilityConfig: visible(name),
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  };
}

/** Returns the ARN of the web ACL of the settings, which it adds unless they name one; undefined without a firewall. */
export function addFirewall(scope: Construct, settings: StageSettings): string | undefined {
  if (settings.webAclArn !== undefined) return settings.webAclArn;
  if (!settings.hasFirewall) return undefined;
  const acl = new CfnWebACL(scope, 'Firewall', {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    description: `Firewall of ${Stack.of(scope).stackName}`,
    visibilityConfig: visible('Firewall'),
    rules: [
      rateRule(0, settings.signInsPerAddressPer5Minutes),
      ...managedRules.map((rules, index) => managedRule(rules, index + 1)),
    ],
  });
  return acl.attrArn;
}
