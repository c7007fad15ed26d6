/**
 * Stands in for the SDK's endpoint discovery when functions are bundled. DynamoDB's client carries it for endpoints
 * that no region hands out any more: it is off unless it is asked for, and nobody here asks; 9 KB, and a cache made
 * with each client. Named and shaped as in `@aws-sdk/middleware-endpoint-discovery`.
 */
export const resolveEndpointDiscoveryConfig = <C>(config: C): C => config;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
