/** The buckets of the template, as `local/stack.ts` has them. */

/** A bucket, such as the one for the records of failed invocations. */
export interface BucketDefinition {
  logicalId: string;
  bucketName: string;
  /** The logical ids of the queues that are notified of each new object. */
  notifiedQueueIds: string[];
  /** Whether EventBridge receives the events of the bucket. */
  sendsEvents: boolean;
  cors: CorsRule[];
  lifecycle: LifecycleRule[];
  publicAccess: PublicAccess;
}

/** A rule by which browsers of other origins may use a bucket. Patterns may contain one asterisk. */
export interface CorsRule {
  allowedOrigins: string[];
  allowedMethods: string[];
  allowedHeaders: string[];
  exposedHeaders: string[];
  maxAgeSeconds?: number;
}

/** A rule that deletes old objects. */
export interface LifecycleRule {
  /** The start of the keys to which it applies; empty for all. */
  prefix: string;
  /** The tags that an object must have. */
  tags: Record<string, string>;
  expirationDays: number;
}

/** The public access block of a bucket. Anonymous requests are refused in any case, since no bucket policy is run. */
export interface PublicAccess {
  blocksAcls: boolean;
}
