/** Reads the only table of a template, and the event source mappings of its stream. */

import type { LambdaFunction, SecondaryIndex, StreamMapping, TableDefinition } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import {
  flag,
  number,
  object,
  objects,
  optionalText,
  text,
  texts,
  type Properties,
  type Resource,
} from './property.ts';
import { readFailureDestination } from './read-failure-destination.ts';
import { functionIdIn } from './read-functions.ts';

/** Reads the table as input for CreateTable, with on-demand billing regardless of the template. */
export function readTable(template: Template): TableDefinition {
  const tables = template.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table');
  const [table] = tables;
  if (table === undefined || tables.length > 1) {
    throw new StartFailure(
      `The local runtime supports templates with exactly one table, but this one has ${tables.length}`,
    );
  }
  const { logicalId, properties } = table;
  const timeToLive = object(properties, 'TimeToLiveSpecification');
  const streamViewType = optionalText(object(properties, 'StreamSpecification'), 'StreamViewType');
  const globalIndexes = objects(properties, 'GlobalSecondaryIndexes').map(indexForCreation);
  const localIndexes = objects(properties, 'LocalSecondaryIndexes').map(indexForCreation);
  return {
    logicalId,
    tableName: template.ref(logicalId),
    createTable: {
      TableName: template.ref(logicalId),
      KeySchema: properties['KeySchema'],
      AttributeDefinitions: objects(properties, 'AttributeDefinitions').map((attribute) => ({
        AttributeName: String(attribute['AttributeName']),
        AttributeType: String(attribute['AttributeType']),
      })),
      BillingMode: 'PAY_PER_REQUEST',
      ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
      ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
      ...(streamViewType !== undefined && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: streamViewType },
      }),
    },
    ...(flag(timeToLive, 'Enabled') && { ttlAttribute: String(timeToLive['AttributeName']) }),
  };
}

/**
 * Reads the event source mappings.
 * @throws StartFailure when one does not read the table's stream
 */
export function readStreamMappings(
  template: Template,
  table: TableDefinition,
  functions: LambdaFunction[],
): StreamMapping[] {
  const streamArn = template.getAtt(table.logicalId, 'StreamArn');
  return template.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
    if (resource.properties['EventSourceArn'] !== streamArn) {
      throw new StartFailure(
        `The template's mapping ${resource.logicalId} reads ${String(resource.properties['EventSourceArn'])}, but the local runtime supports only the table's stream`,
      );
    }
    return readMapping(resource, template, functions);
  });
}

function readMapping(resource: Resource, template: Template, functions: LambdaFunction[]): StreamMapping {
  const { logicalId, properties } = resource;
  const functionId = functionIdIn(text(resource, 'FunctionName'), functions);
  if (functionId === undefined)
    throw new StartFailure(`The template's mapping ${logicalId} does not invoke a function of the template`);
  const onFailure = readFailureDestination(properties, template);
  return {
    mappingId: template.ref(logicalId),
    functionId,
    batchSize: number(properties, 'BatchSize', 100),
    batchingWindowSeconds: number(properties, 'MaximumBatchingWindowInSeconds', 0),
    startingPosition: properties['StartingPosition'] === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    parallelizationFactor: number(properties, 'ParallelizationFactor', 1),
    maximumRetryAttempts: number(properties, 'MaximumRetryAttempts', -1),
    maximumRecordAgeSeconds: number(properties, 'MaximumRecordAgeInSeconds', -1),
    bisectBatchOnFunctionError: flag(properties, 'BisectBatchOnFunctionError'),
    reportBatchItemFailures: texts(properties, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
    filters: objects(object(properties, 'FilterCriteria'), 'Filters').map(
      (filter) => JSON.parse(String(filter['Pattern'])) as unknown,
    ),
    ...(onFailure !== undefined && { onFailure }),
  };
}

/** Leaves out the settings of a global table's index that CreateTable does not accept. */
function indexForCreation(index: Properties): SecondaryIndex {
  const projection = object(index, 'Projection');
  const included = texts(projection, 'NonKeyAttributes');
  return {
    IndexName: String(index['IndexName']),
    KeySchema: index['KeySchema'],
    Projection: {
      ProjectionType: String(projection['ProjectionType']),
      ...(included.length > 0 && { NonKeyAttributes: included }),
    },
  };
}
