/** The distribution's own domain name: its certificate and its DNS records. */
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  SecurityPolicyProtocol,
  type Distribution,
  type DistributionProps,
} from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, RecordTarget, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

const policies: Record<StageSettings['minimumTls'], SecurityPolicyProtocol> = {
  'TLSv1.2_2021': SecurityPolicyProtocol.TLS_V1_2_2021,
  'TLSv1.2_2025': SecurityPolicyProtocol.TLS_V1_2_2025,
  'TLSv1.3_2025': SecurityPolicyProtocol.TLS_V1_3_2025,
};

export interface CustomDomain {
  /** What the distribution has to know about its name. */
  distributionProps: Pick<DistributionProps, 'domainNames' | 'certificate' | 'minimumProtocolVersion'>;
  /** Points the name to the distribution, where the zone is known. */
  pointTo(distribution: Distribution): void;
}

/** Returns the domain of the settings, with a certificate; undefined when they name none. */
export function addDomain(scope: Construct, settings: StageSettings): CustomDomain | undefined {
  const { domainName, hostedZoneId, minimumTls } = settings;
  if (domainName === undefined) return undefined;
  const zone =
    hostedZoneId === undefined
      ? undefined
      : // The records have the full domain name, so the name of the zone itself is not needed.
        HostedZone.fromHostedZoneAttributes(scope, 'Zone', { hostedZoneId, zoneName: domainName });
  return {
    distributionProps: {
      domainNames: [domainName],
      certificate: certificateOf(scope, domainName, settings, zone),
      minimumProtocolVersion: policies[minimumTls],
    },
    pointTo(distribution) {
      if (zone === undefined) return;
      const target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
      new ARecord(scope, 'AddressRecord', { zone, target });
      new AaaaRecord(scope, 'AddressRecordIpv6', { zone, target });
    },
  };
}

function certificateOf(
  scope: Construct,
  domainName: string,
  { certificateArn }: StageSettings,
  zone: IHostedZone | undefined,
): ICertificate {
  if (certificateArn !== undefined)
    return Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);
  // CloudFormation creates the records that prove the ownership of the name, and waits for the certificate.
  return new Certificate(scope, 'Certificate', {
    domainName,
    validation: CertificateValidation.fromDns(zone),
  });
}
