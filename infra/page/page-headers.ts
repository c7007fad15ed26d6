/** The headers of the page: what a browser may load, connect to and embed. The APIs set the headers of their own answers. */
import { Duration } from 'aws-cdk-lib/core';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type ResponseHeadersPolicyProps,
} from 'aws-cdk-lib/aws-cloudfront';

/**
 * What the page may load: its own files, and nothing inline. `connect-src 'self'` is the page's own host over https and, as
 * Content Security Policy 3 matches it, over wss (Chrome 63, Firefox 104, Safari 15.4). The name of the distribution could
 * not be written here, since the distribution refers to this policy.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Features of browsers that the page does not use. */
const unusedFeatures = ['camera', 'geolocation', 'microphone', 'payment', 'usb'];

/** The response headers policy of the page. */
export const pageHeaders: ResponseHeadersPolicyProps = {
  comment: 'The page of the serverless chat',
  securityHeadersBehavior: {
    contentSecurityPolicy: { contentSecurityPolicy, override: true },
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
};
