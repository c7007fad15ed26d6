/** A statement of an identity policy with resolved values. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A call that IAM must allow: an action on a resource, with the condition keys that the service provides. */
export interface AwsCall {
  /** Such as `dynamodb:GetItem`. */
  action: string;
  resource: string;
  context?: Record<string, string | string[]>;
}

export type Verdict = 'allowed' | 'not allowed' | 'denied';

/**
 * Compiles statements to a function that decides about calls.
 * @throws Error with the name of the first unsupported element
 */
export function compilePolicy(statements: readonly Statement[]): (call: AwsCall) => Verdict;
