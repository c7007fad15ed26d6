/**
 * The errors with which services answer denied calls, in the form that SDK clients recognize. It is plain
 * JavaScript because it runs in the functions' workers.
 */

import { randomUUID } from 'node:crypto';

/** Status codes other than 400, which DynamoDB, Secrets Manager and SQS use. */
const statusOf = { apiGatewayManagementApi: 403, lambda: 403 };

export function refusalOf(service, { action, resource }, verdict, roleArn) {
  const because =
    verdict === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const name = service === 's3' ? `"${resource}"` : resource;
  const message = `User: ${roleArn} is not authorized to perform: ${action} on resource: ${name} ${because}`;
  if (service === 's3') return storageRefusal(message);
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

/** S3 answers in XML. The message has nothing that would have to be escaped but quotation marks and what is in keys. */
function storageRefusal(message) {
  const escaped = message.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
  return {
    status: 403,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${escaped}</Message></Error>`,
  };
}

/** The answer of DynamoDB to a request that is not valid. */
export function invalidRequest(message) {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify({ __type: 'com.amazon.coral.validate#ValidationException', message }),
  };
}
