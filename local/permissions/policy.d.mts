/** One statement of an identity policy, its values resolved. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What IAM is asked about: one action on one resource, with the condition keys that the service gives. */
export interface AwsCall {
  /** Such as `dynamodb:GetItem`. */
  action: string;
  resource: string;
  context?: Record<string, string | string[]>;
}

export type Verdict = 'allowed' | 'not allowed' | 'denied';

/** Decides by the statements; throws an Error that names what it does not understand of them. */
export function compilePolicy(statements: readonly Statement[]): (call: AwsCall) => Verdict;
