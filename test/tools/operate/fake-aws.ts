/** An account of AWS as the operator's commands see it: answers in the shapes that AWS documents, and what was changed. */
import type { AwsAnswer, AwsApi, AwsRequest } from '../../../tools/operate/aws/aws-api.ts';

export interface FakeStack {
  status: string;
  isProtected?: boolean;
  outputs?: Record<string, string>;
  /** The statuses that the stack has after a request to delete it, one for each look at it; then it is gone. */
  deletion?: string[];
  isDeleted?: boolean;
  /** By logical id, the reasons of resources that failed. */
  failures?: Record<string, string>;
}

export interface FakeAccount {
  identity: string | undefined;
  stacks: Record<string, FakeStack>;
  /** By the table's name, whether it is protected against deletion. */
  tables: Record<string, boolean>;
  concurrency: number;
  /** What functions of other stacks have reserved of it. */
  reserved: number;
  requestRate: number;
  connectionRate: number;
  distributions: number;
  logRole: string | undefined;
  /** Services that answer with AccessDenied. */
  denied: string[];
}

export const defaultAccount: FakeAccount = {
  identity: 'arn:aws:sts::111122223333:assumed-role/Operator/ann',
  stacks: { CDKToolkit: { status: 'CREATE_COMPLETE', outputs: { BootstrapVersion: '30' } } },
  tables: {},
  concurrency: 1_000,
  reserved: 0,
  requestRate: 10_000,
  connectionRate: 500,
  distributions: 1,
  logRole: undefined,
  denied: [],
};

const namespace = 'xmlns="http://example.amazonaws.com/doc/"';

const xmlError = (code: string, message: string, status: number): AwsAnswer => ({
  status,
  text: `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
});

const json = (body: object, status = 200): AwsAnswer => ({ status, text: JSON.stringify(body) });

/** Returns the account's API, and the account as the commands have changed it. */
export function fakeAws(changes: Partial<FakeAccount> = {}): {
  api: AwsApi;
  account: FakeAccount;
  requests: AwsRequest[];
} {
  const account: FakeAccount = structuredClone({ ...defaultAccount, ...changes });
  const requests: AwsRequest[] = [];
  return {
    account,
    requests,
    api: {
      region: 'eu-central-1',
      async send(request) {
        requests.push(request);
        return answerOf(account, request);
      },
    },
  };
}

function answerOf(account: FakeAccount, request: AwsRequest): AwsAnswer {
  const { service, path, headers = {} } = request;
  if (account.denied.includes(service)) return xmlError('AccessDenied', `User may not call ${service}`, 403);
  switch (service) {
    case 'sts':
      return account.identity === undefined
        ? xmlError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
        : {
            status: 200,
            text: `<GetCallerIdentityResponse ${namespace}><GetCallerIdentityResult><Arn>${account.identity}</Arn><UserId>role:ann</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
          };
    case 'cloudformation':
      return stackAnswer(account, new URLSearchParams(request.body));
    case 'lambda':
      return json({
        AccountLimit: {
          ConcurrentExecutions: account.concurrency,
          UnreservedConcurrentExecutions: account.concurrency - account.reserved,
        },
        AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
      });
    case 'apigateway':
      return json({
        apiKeyVersion: '4',
        ...(account.logRole !== undefined && { cloudwatchRoleArn: account.logRole }),
        throttleSettings: { rateLimit: account.requestRate, burstLimit: 5_000 },
      });
    case 'servicequotas':
      return json({ Quota: { QuotaCode: 'L-9ED1E49A', Value: account.connectionRate, Adjustable: true } });
    case 'cloudfront':
      return {
        status: 200,
        text: `<?xml version="1.0"?>\n<DistributionList ${namespace}><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>${account.distributions}</Quantity></DistributionList>`,
      };
    case 'dynamodb':
      return tableAnswer(account, headers['x-amz-target'] ?? '', JSON.parse(request.body ?? '{}'));
    default:
      throw new Error(`The fake account has no service ${service} (${path})`);
  }
}

function stackAnswer(account: FakeAccount, parameters: URLSearchParams): AwsAnswer {
  const name = parameters.get('StackName') ?? '';
  const stack = account.stacks[name];
  if (stack === undefined) return xmlError('ValidationError', `Stack with id ${name} does not exist`, 400);
  switch (parameters.get('Action') ?? '') {
    case 'UpdateTerminationProtection':
      stack.isProtected = parameters.get('EnableTerminationProtection') === 'true';
      return { status: 200, text: `<UpdateTerminationProtectionResponse ${namespace}/>` };
    case 'DeleteStack':
      if (stack.isProtected === true)
        return xmlError(
          'ValidationError',
          `Stack [${name}] cannot be deleted while TerminationProtection is enabled`,
          400,
        );
      stack.isDeleted = true;
      return { status: 200, text: `<DeleteStackResponse ${namespace}/>` };
    case 'DescribeStackEvents':
      return { status: 200, text: stackEvents(stack) };
  }
  if (stack.isDeleted === true) {
    const next = stack.deletion?.shift();
    if (next === undefined) {
      delete account.stacks[name];
      return xmlError('ValidationError', `Stack with id ${name} does not exist`, 400);
    }
    stack.status = next;
  }
  const outputs = Object.entries(stack.outputs ?? {})
    .map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    .join('');
  return {
    status: 200,
    text: `<DescribeStacksResponse ${namespace}><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><Outputs>${outputs}</Outputs><StackStatus>${stack.status}</StackStatus><EnableTerminationProtection>${stack.isProtected === true}</EnableTerminationProtection></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  };
}

function stackEvents({ failures = {}, status }: FakeStack): string {
  const failed = Object.entries(failures).map(
    ([id, reason]) =>
      `<member><LogicalResourceId>${id}</LogicalResourceId><ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`,
  );
  const last = `<member><LogicalResourceId>Stack</LogicalResourceId><ResourceStatus>${status}</ResourceStatus></member>`;
  return `<DescribeStackEventsResponse ${namespace}><DescribeStackEventsResult><StackEvents>${last}${failed.join('')}</StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`;
}

function tableAnswer(account: FakeAccount, target: string, input: any): AwsAnswer {
  const isProtected = account.tables[input.TableName];
  if (isProtected === undefined) {
    return json(
      { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'not found' },
      400,
    );
  }
  if (target.endsWith('.UpdateTable')) account.tables[input.TableName] = input.DeletionProtectionEnabled;
  return json({
    Table: { TableName: input.TableName, DeletionProtectionEnabled: account.tables[input.TableName] },
  });
}
