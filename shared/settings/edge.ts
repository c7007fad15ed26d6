/** Settings of the edge distribution: its domain, its key and its firewall. */
import {
  boolean,
  certificateArn,
  choice,
  domainName,
  hostedZoneId,
  secretVersion,
  webAclArn,
  wholeNumber,
} from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

export const edgeSettings = {
  hasEdge: setting({
    topic: 'Edge',
    variable: 'EDGE_DISTRIBUTION',
    parser: boolean,
    defaults: everyStage(true),
    readBy: [],
    description:
      'Deploy a CloudFront distribution that puts both APIs behind one address. A new account may have to be verified by ' +
      'AWS first; without the distribution, clients use the addresses of the two APIs.',
  }),
  hasPage: setting({
    topic: 'Edge',
    variable: 'WEB_PAGE',
    parser: boolean,
    defaults: everyStage(true),
    readBy: [],
    description:
      'Serve the page, a complete chat, at the root of the distribution. Without the distribution there is no page, since ' +
      'neither API serves files.',
  }),
  edgeKeyVersion: setting({
    topic: 'Edge',
    variable: 'EDGE_KEY_VERSION',
    parser: secretVersion,
    defaults: everyStage(undefined),
    readBy: [],
    description:
      'The version of the secret `EdgeKey` that the distribution sends; `npm run rotate-key` sets it. Without one it sends the ' +
      'version that was current when the distribution was created.',
  }),
  filesKeyVersion: setting({
    topic: 'Edge',
    variable: 'FILES_KEY_VERSION',
    parser: secretVersion,
    defaults: everyStage(undefined),
    readBy: [],
    description:
      'The version of the secret `FilesKey` whose addresses the distribution accepts, beside those of the version that is current ' +
      'when it is deployed; `npm run rotate-key` sets it.',
  }),
  requiresEdge: setting({
    topic: 'Edge',
    variable: 'REQUIRE_EDGE',
    parser: boolean,
    defaults: everyStage(false),
    readBy: ['accounts', 'chat', 'docs', 'connect'],
    description:
      'Refuse requests and handshakes that did not come through the edge distribution, so that a firewall there cannot be ' +
      'bypassed. Only `GET /health/` stays reachable at the address of the API.',
  }),
  domainName: setting({
    topic: 'Edge',
    variable: 'DOMAIN_NAME',
    parser: domainName,
    defaults: everyStage(undefined),
    readBy: [],
    description: 'The name under which the distribution is reached, in place of one of `cloudfront.net`.',
  }),
  hostedZoneId: setting({
    topic: 'Edge',
    variable: 'HOSTED_ZONE_ID',
    parser: hostedZoneId,
    defaults: everyStage(undefined),
    readBy: [],
    description:
      'The public zone of Route 53 in which the domain name is created. With another DNS, waive it, set `CERTIFICATE_ARN` and ' +
      'point the name to the output `DistributionDomain`.',
  }),
  certificateArn: setting({
    topic: 'Edge',
    variable: 'CERTIFICATE_ARN',
    parser: certificateArn,
    defaults: everyStage(undefined),
    readBy: [],
    description:
      'A certificate for the domain name in us-east-1, the only region that CloudFront takes one from. Without it the stack ' +
      'requests one, and must then be deployed to us-east-1.',
  }),
  minimumTls: setting({
    topic: 'Edge',
    variable: 'MINIMUM_TLS',
    parser: choice('TLSv1.2_2021', 'TLSv1.2_2025', 'TLSv1.3_2025'),
    defaults: everyStage('TLSv1.2_2021'),
    readBy: [],
    description:
      'The security policy of CloudFront for connections to the domain name: the oldest TLS version and its ciphers.',
  }),
  hasFirewall: setting({
    topic: 'Edge',
    variable: 'FIREWALL',
    parser: boolean,
    defaults: everyStage(false),
    readBy: [],
    description:
      'Put a web ACL of AWS WAF in front of the distribution. It must be in us-east-1, so the stack must be deployed there; ' +
      'elsewhere set `WEB_ACL_ARN`.',
  }),
  webAclArn: setting({
    topic: 'Edge',
    variable: 'WEB_ACL_ARN',
    parser: webAclArn,
    defaults: everyStage(undefined),
    readBy: [],
    description: 'A web ACL for CloudFront that exists already, in place of the one of `FIREWALL`.',
  }),
  signInsPerAddressPer5Minutes: setting({
    topic: 'Edge',
    variable: 'FIREWALL_SIGN_INS_PER_5_MINUTES',
    // The bounds of a rate-based rule.
    parser: wholeNumber({ from: 10, to: 2_000_000_000 }),
    defaults: everyStage(100),
    readBy: [],
    unit: 'requests in 5 minutes',
    description: 'Registrations and logins from one address that the firewall lets through.',
  }),
} satisfies Record<string, Setting>;
