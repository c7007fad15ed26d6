/**
 * The edge distribution: one address for both APIs, the page and files. `/ws` belongs to the WebSocket API, `/files` to the
 * bucket of files, the root and the page's files to the page, and all other paths to the HTTP API, which answers those that do
 * not exist.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecretValue, Stack } from 'aws-cdk-lib/core';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
  type BehaviorOptions,
  type FunctionAssociation,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { edgeKeyHeader } from '../shared/contract/edge-headers.ts';
import { addDomain } from './domain.ts';
import { filesBehavior, filesPattern } from './edge-files.ts';
import { addFirewall } from './firewall.ts';
import { addPage } from './page/page.ts';
import type { PageCode } from './page/page-code.ts';
import type { StageSettings } from './stages.ts';

// The Host header is not passed on: API Gateway chooses the API by it.
const passThrough = {
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
};

function originOf(
  api: HttpApi | WebSocketApi,
  options: { originPath?: string; customHeaders?: Record<string, string> },
): HttpOrigin {
  const { region, urlSuffix } = Stack.of(api);
  return new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, {
    ...options,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
  });
}

/** Returns a CloudFront function that sets the viewer's address and then does what the file says. */
function viewerRequest(scope: Construct, id: string, file: string, comment: string): FunctionAssociation {
  const source = ['set-viewer-address.js', file]
    .map((name) => readFileSync(join(import.meta.dirname, 'edge', name), 'utf8'))
    .join('\n');
  return {
    eventType: FunctionEventType.VIEWER_REQUEST,
    function: new EdgeFunction(scope, id, {
      comment,
      code: FunctionCode.fromInline(source),
      runtime: FunctionRuntime.JS_2_0,
    }),
  };
}

export interface EdgeProps {
  stage: string;
  httpApi: HttpApi;
  webSocketApi: WebSocketApi;
  /** Sent with every request and handshake, in place of a header of that name from the viewer. */
  edgeKey: Secret;
  /** The bucket of files. */
  files: Bucket;
  /** Signs the addresses of files. */
  filesKey: Secret;
  /** Returns the code of the page; called when the settings ask for a page. */
  pageCode: () => PageCode;
  settings: StageSettings;
}

export interface Edge {
  distribution: Distribution;
  /** The name by which clients reach it. */
  host: string;
  /** The bucket of the page; absent without a page. */
  pageBucket: Bucket | undefined;
}

/**
 * Returns a reference to the key. CloudFormation resolves it while it deploys, so the template holds no secret, and again
 * only when its text has changed: the id of the version makes a deployment send a key that was rotated.
 */
function referenceTo(edgeKey: Secret, versionId: string | undefined): string {
  const options = { jsonField: 'key', ...(versionId !== undefined && { versionId }) };
  return SecretValue.secretsManager(edgeKey.secretArn, options).unsafeUnwrap();
}

/** Adds a distribution in front of both APIs, of which it caches nothing, with the page, its domain and its firewall. */
export function addEdge(
  scope: Construct,
  { stage, httpApi, webSocketApi, edgeKey, files, filesKey, pageCode, settings }: EdgeProps,
): Edge {
  const domain = addDomain(scope, settings);
  const webAclId = addFirewall(scope, settings);
  const customHeaders = { [edgeKeyHeader]: referenceTo(edgeKey, settings.edgeKeyVersion) };
  const rewriteSocketPath = viewerRequest(
    scope,
    'RewriteSocketPath',
    'rewrite-socket-path.js',
    'Turns /ws/chat/{room}/ into /?room={room}',
  );
  const dropTrailingSlash = viewerRequest(
    scope,
    'DropTrailingSlash',
    'drop-trailing-slash.js',
    'Turns /users/ into /users',
  );
  const sockets: BehaviorOptions = {
    ...passThrough,
    origin: originOf(webSocketApi, { originPath: `/${stage}`, customHeaders }),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    functionAssociations: [rewriteSocketPath],
  };
  const page = settings.hasPage ? addPage(scope, { code: pageCode(), files, settings }) : undefined;
  const distribution = new Distribution(scope, 'Edge', {
    ...domain?.distributionProps,
    ...(webAclId !== undefined && { webAclId }),
    comment: `Serverless chat, ${stage}`,
    httpVersion: HttpVersion.HTTP2_AND_3,
    defaultBehavior: {
      ...passThrough,
      origin: originOf(httpApi, { customHeaders }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
      functionAssociations: [dropTrailingSlash],
    },
    additionalBehaviors: {
      '/ws': sockets,
      '/ws/*': sockets,
      [filesPattern]: filesBehavior(scope, { bucket: files, filesKey, settings }),
      ...page?.behaviors,
    },
  });
  domain?.pointTo(distribution);
  const host = settings.domainName ?? distribution.distributionDomainName;
  return { distribution, host, pageBucket: page?.bucket };
}
