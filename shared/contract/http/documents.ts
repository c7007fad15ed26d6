/** Rows for the documentation and the health check. */
import * as z from 'zod';
import { operation } from './operation.ts';

export const documentOperations = {
  showSwagger: operation({
    methods: ['GET'],
    path: '/swagger/',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Swagger UI',
    auth: 'none',
    responses: { 200: 'text/html' },
  }),
  getOpenapiJson: operation({
    methods: ['GET'],
    path: '/openapi.json',
    function: 'docs',
    tag: 'Documentation',
    summary: 'The OpenAPI document as JSON',
    auth: 'none',
    responses: { 200: z.record(z.string(), z.unknown()).meta({ id: 'OpenapiDocument' }) },
  }),
  getOpenapiYaml: operation({
    methods: ['GET'],
    path: '/openapi.yaml',
    function: 'docs',
    tag: 'Documentation',
    summary: 'The OpenAPI document as YAML',
    auth: 'none',
    responses: { 200: 'application/yaml' },
  }),
  showWebsocketDocs: operation({
    methods: ['GET'],
    path: '/chat/websocket-docs/',
    // Under /chat, since `/chat/{proxy+}` would win over any other route for the path with its trailing slash.
    function: 'chat',
    tag: 'Documentation',
    summary: 'The WebSocket protocol as a page',
    auth: 'none',
    responses: { 200: 'text/html' },
  }),
  getAsyncapiYaml: operation({
    methods: ['GET'],
    path: '/asyncapi.yaml',
    function: 'docs',
    tag: 'Documentation',
    summary: 'The AsyncAPI document as YAML',
    auth: 'none',
    responses: { 200: 'application/yaml' },
  }),
  getHealth: operation({
    methods: ['GET'],
    path: '/health/',
    function: 'docs',
    tag: 'Documentation',
    summary: 'Whether the API answers',
    auth: 'none',
    responses: {
      200: z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' }),
    },
  }),
} as const;
