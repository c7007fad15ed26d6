/** Reads the HTTP API and the WebSocket API of a template: their stages, and the function of each route. */

import type { HttpApiDefinition, LambdaFunction, Route, WebSocketApiDefinition } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { flag, object, optionalText, text, texts, type Resource } from './property.ts';
import { functionIdIn } from './read-functions.ts';
import { readAccessLog } from './read-monitoring.ts';

/**
 * Reads the HTTP API.
 * @throws StartFailure unless there is exactly one
 */
export function readHttpApi(template: Template, functions: LambdaFunction[]): HttpApiDefinition {
  const api = apiOfProtocol('HTTP', template);
  const stage = stageOf(api, template);
  const accessLog = readAccessLog(stage, template);
  const cors = object(api.properties, 'CorsConfiguration');
  const maxAge = cors['MaxAge'];
  return {
    apiId: template.ref(api.logicalId),
    stage: text(stage, 'StageName'),
    routes: routesOf(api, template, functions),
    ...(accessLog && { accessLog }),
    ...(api.properties['CorsConfiguration'] !== undefined && {
      cors: {
        allowOrigins: texts(cors, 'AllowOrigins'),
        allowMethods: texts(cors, 'AllowMethods'),
        allowHeaders: texts(cors, 'AllowHeaders'),
        exposeHeaders: texts(cors, 'ExposeHeaders'),
        allowCredentials: flag(cors, 'AllowCredentials'),
        ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
      },
    }),
  };
}

/**
 * Reads the WebSocket API.
 * @throws StartFailure unless there is exactly one
 */
export function readWebSocketApi(template: Template, functions: LambdaFunction[]): WebSocketApiDefinition {
  const api = apiOfProtocol('WEBSOCKET', template);
  const stage = stageOf(api, template);
  const accessLog = readAccessLog(stage, template);
  return {
    apiId: template.ref(api.logicalId),
    stage: text(stage, 'StageName'),
    routeSelectionExpression: text(api, 'RouteSelectionExpression'),
    routes: routesOf(api, template, functions),
    ...(accessLog && { accessLog }),
  };
}

function apiOfProtocol(protocol: 'HTTP' | 'WEBSOCKET', template: Template): Resource {
  const apis = template
    .ofType('AWS::ApiGatewayV2::Api')
    .filter(({ properties }) => properties['ProtocolType'] === protocol);
  const [api] = apis;
  if (api === undefined || apis.length > 1) {
    throw new StartFailure(
      `The local runtime supports templates with exactly one ${protocol} API, but this one has ${apis.length}`,
    );
  }
  return api;
}

function stageOf(api: Resource, template: Template): Resource {
  const stages = template.ofType('AWS::ApiGatewayV2::Stage').filter(belongsTo(api, template));
  const [stage] = stages;
  if (stage === undefined || stages.length > 1) {
    throw new StartFailure(
      `The template's API ${api.logicalId} must have exactly one stage, but it has ${stages.length}`,
    );
  }
  return stage;
}

function routesOf(api: Resource, template: Template, functions: LambdaFunction[]): Route[] {
  const integrations = new Map(
    template
      .ofType('AWS::ApiGatewayV2::Integration')
      .map((integration) => [integration.logicalId, integration]),
  );
  const routesWithResponse = new Set(
    template
      .ofType('AWS::ApiGatewayV2::RouteResponse')
      .map(({ properties }) => String(properties['RouteId'])),
  );
  return template
    .ofType('AWS::ApiGatewayV2::Route')
    .filter(belongsTo(api, template))
    .map((route) => {
      const routeKey = text(route, 'RouteKey');
      if (![undefined, 'NONE'].includes(optionalText(route.properties, 'AuthorizationType'))) {
        throw new StartFailure(
          `The template's route ${routeKey} has an authorizer, which the local runtime does not support`,
        );
      }
      const integration = integrations.get(text(route, 'Target').replace(/^integrations\//, ''));
      const functionId = integration && functionIdIn(text(integration, 'IntegrationUri'), functions);
      if (functionId === undefined)
        throw new StartFailure(
          `The template's route ${routeKey} does not lead to a function of the template`,
        );
      return {
        routeKey,
        functionId,
        ...(routesWithResponse.has(template.ref(route.logicalId)) && { hasRouteResponse: true }),
      };
    });
}

function belongsTo(api: Resource, template: Template): (resource: Resource) => boolean {
  return ({ properties }) => properties['ApiId'] === template.ref(api.logicalId);
}
