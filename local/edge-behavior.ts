/** The behaviors of the edge distribution in front of both APIs, as `local/stack.ts` has them. */

import type { Statement } from './permissions/policy.mjs';

/** A behavior of the distribution. Lists are in order of precedence and end with the default, `*`. */
export type EdgeBehavior = ApiBehavior | BucketBehavior | ObjectsBehavior;

/** Passes requests on to an API. */
export interface ApiBehavior {
  pathPattern: string;
  origin: 'http' | 'websocket';
  /** The prefix for the path, such as the stage for the WebSocket API; may be empty. */
  originPath: string;
  /** The headers that the distribution sets, replacing the viewer's; a value may refer to a secret. */
  originHeaders?: Record<string, string>;
  /** The source of the CloudFront function for viewer requests. */
  viewerRequest?: string;
}

/** Answers with the files that a deployment has copied into a bucket. */
export interface BucketBehavior {
  pathPattern: string;
  origin: 'bucket';
  files: FilesDefinition;
  /** The methods that are allowed; CloudFront refuses any other. */
  methods: string[];
  /** Compresses answers for browsers that accept it. */
  compresses: boolean;
  /** The headers of the response headers policy. */
  responseHeaders: [name: string, value: string][];
  viewerRequest?: string;
}

/** Answers with the objects of a bucket. */
export interface ObjectsBehavior {
  pathPattern: string;
  origin: 'objects';
  bucketName: string;
  /** The prefix for the path; may be empty. */
  originPath: string;
  methods: string[];
  /** What the bucket's policy allows the distribution. */
  statements: Statement[];
  /** The headers of the response headers policy, which replace those of the object. */
  responseHeaders: [name: string, value: string][];
  viewerRequest?: string;
}

/** The files that a deployment copies into a bucket. They are served from where they are built. */
export interface FilesDefinition {
  directory: string;
  /** The first rule whose prefix matches the name of a file has its header. */
  cacheControl: { prefix: string; value: string }[];
  /** By the ending of the name, such as `.html`. */
  contentTypes: Record<string, string>;
}
