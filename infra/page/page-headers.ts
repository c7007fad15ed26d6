/** The headers of the page: what a browser may load, connect to and embed. The APIs set the headers of their own answers. */
import { Duration } from 'aws-cdk-lib/core';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseHeadersPolicyProps,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/**
 * What the page may load: its own files, those that users send each other under the same host, what the user has chosen to
 * send, and nothing inline. It posts files to the bucket. `connect-src 'self'` is the page's own host over https and, as
 * Content Security Policy 3 matches it, over wss (Chrome 63, Firefox 104, Safari 15.4). The name of the distribution could
 * not be written here, since the distribution refers to this policy.
 */
const contentSecurityPolicy = (filesHost: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self' https://${filesHost}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** Features of browsers that the page does not use. */
const unusedFeatures = ['camera', 'geolocation', 'microphone', 'payment', 'usb'];

/** Returns the response headers policy of the page, which posts files to the bucket. */
export const pageHeaders = (files: Bucket): ResponseHeadersPolicyProps => ({
  comment: 'The page of the serverless chat',
  securityHeadersBehavior: {
    contentSecurityPolicy: {
      contentSecurityPolicy: contentSecurityPolicy(files.bucketRegionalDomainName),
      override: true,
    },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
    // The address of the page may name a room.
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    strictTransportSecurity: {
      accessControlMaxAge: Duration.days(730),
      override: true,
    },
  },
  customHeadersBehavior: {
    customHeaders: [
      { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
      { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override: true },
      {
        header: 'Permissions-Policy',
        value: unusedFeatures.map((name) => `${name}=()`).join(', '),
        override: true,
      },
    ],
  },
});
