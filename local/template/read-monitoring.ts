/** Reads the alarms and the metric filters of a template, and the access logs of its APIs. */
import type { AccessLogDefinition, AlarmDefinition, LogMetricDefinition } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { number, object, objects, optionalText, text, type Properties, type Resource } from './property.ts';

const comparisons = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
const missingData = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;

/**
 * Reads the alarms.
 * @throws StartFailure for an alarm on an expression, or on a comparison that the runtime cannot evaluate
 */
export function readAlarms(template: Template): AlarmDefinition[] {
  return template.ofType('AWS::CloudWatch::Alarm').map((resource) => {
    const { logicalId, properties } = resource;
    if (properties['Metrics'] !== undefined)
      throw unsupported(resource, 'an expression over several metrics');
    const evaluationPeriods = number(properties, 'EvaluationPeriods', 1);
    return {
      name: optionalText(properties, 'AlarmName') ?? logicalId,
      description: optionalText(properties, 'AlarmDescription') ?? '',
      metric: {
        namespace: text(resource, 'Namespace'),
        name: text(resource, 'MetricName'),
        dimensions: dimensionsOf(properties),
      },
      statistic: optionalText(properties, 'ExtendedStatistic') ?? text(resource, 'Statistic'),
      periodSeconds: number(properties, 'Period', 60),
      evaluationPeriods,
      datapointsToAlarm: number(properties, 'DatapointsToAlarm', evaluationPeriods),
      threshold: number(properties, 'Threshold', 0),
      comparison: oneOf(comparisons, 'ComparisonOperator', resource),
      missingData: oneOf(missingData, 'TreatMissingData', resource, 'missing'),
    };
  });
}

function dimensionsOf(properties: Properties): Record<string, string> {
  const pairs = objects(properties, 'Dimensions').map(({ Name, Value }) => [String(Name), String(Value)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

function oneOf<T extends string>(known: readonly T[], name: string, resource: Resource, fallback?: T): T {
  const value = optionalText(resource.properties, name) ?? fallback;
  const found = known.find((one) => one === value);
  if (found === undefined) throw unsupported(resource, `the ${name} ${String(value)}`);
  return found;
}

function unsupported({ logicalId }: Resource, what: string): StartFailure {
  return new StartFailure(
    `The template's alarm ${logicalId} uses ${what}, which the local runtime does not support`,
  );
}

/** Reads the metric filters. */
export function readLogMetrics(template: Template): LogMetricDefinition[] {
  return template.ofType('AWS::Logs::MetricFilter').flatMap((resource) =>
    objects(resource.properties, 'MetricTransformations').map((transformation) => ({
      logGroup: text(resource, 'LogGroupName'),
      pattern: text(resource, 'FilterPattern'),
      namespace: String(transformation['MetricNamespace']),
      name: String(transformation['MetricName']),
      value: number(transformation, 'MetricValue', 1),
    })),
  );
}

/** Reads the access log of an API's stage; undefined when it has none. */
export function readAccessLog(stage: Resource, template: Template): AccessLogDefinition | undefined {
  const { DestinationArn: destination, Format: format } = object(stage.properties, 'AccessLogSettings');
  const group = template
    .ofType('AWS::Logs::LogGroup')
    .find(({ logicalId }) => template.getAtt(logicalId, 'Arn') === destination);
  if (group === undefined || typeof format !== 'string') return undefined;
  return { logGroup: template.ref(group.logicalId), format };
}
