/** Rows for the documentation. Its readers open the addresses, so that the client has no methods for them. */
import * as z from 'zod';
import { operation } from './operation.ts';

export const documentOperations = {
  showSwagger: operation({
    methods: ['GET'],
    path: '/swagger/',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Show the HTTP API in Swagger UI',
    auth: 'none',
    responses: { 200: 'text/html' },
  }),
  getOpenapiJson: operation({
    methods: ['GET'],
    path: '/openapi.json',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Get the OpenAPI document as JSON',
    auth: 'none',
    responses: {
      200: z
        .record(z.string(), z.unknown())
        .meta({ id: 'OpenapiDocument', description: 'The OpenAPI document of this API.' }),
    },
  }),
  getOpenapiYaml: operation({
    methods: ['GET'],
    path: '/openapi.yaml',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Get the OpenAPI document as YAML',
    auth: 'none',
    responses: { 200: 'application/yaml' },
  }),
  showWebsocketDocs: operation({
    methods: ['GET'],
    path: '/chat/websocket-docs/',
    // Served by the chat function, since `/chat/{proxy+}` matches the path with its trailing slash.
    function: 'chat',
    tag: 'Documentation',
    summary: 'Show the documentation of the WebSocket API',
    auth: 'none',
    responses: { 200: 'text/html' },
  }),
  getAsyncapiYaml: operation({
    methods: ['GET'],
    path: '/asyncapi.yaml',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Get the AsyncAPI document as YAML',
    auth: 'none',
    responses: { 200: 'application/yaml' },
  }),
} as const;
