/**
 * How each service says that a call is not allowed, as its SDK client recognises it. Plain JavaScript, since it runs
 * in the functions' workers.
 */

import { randomUUID } from 'node:crypto';

/** DynamoDB, Secrets Manager and SQS answer 400, the services with paths of their own 403. */
const statusOf = { apiGatewayManagementApi: 403, lambda: 403 };

export function refusalOf(service, { action, resource }, verdict, roleArn) {
  const because =
    verdict === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${roleArn} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  return {
    status: statusOf[service] ?? 400,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-errortype': 'AccessDeniedException',
      'x-amzn-requestid': randomUUID(),
    },
    body: JSON.stringify({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: message,
      message,
    }),
  };
}
