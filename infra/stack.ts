/** The CloudFormation stack of the backend: creates its parts and connects them. */
import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeFindings, acknowledgements } from './acknowledgements.ts';
import { addBackups } from './backup.ts';
import { addCanary } from './canary.ts';
import { addCostWarnings, tagsOf } from './costs.ts';
import { addEdge } from './edge.ts';
import { addFailures } from './failures.ts';
import { addFiles, checkPostedFiles } from './files.ts';
import { allowOrigin, environmentFor, type EnvironmentSources } from './environment.ts';
import { functionNames, functions, httpRoutesOf, type FunctionName } from './functions.ts';
import { grantOf } from './grants.ts';
import { addHttpApi, addHttpRoutes } from './http-api.ts';
import { addFunction } from './lambda-function.ts';
import { keepFailedInvocations, grantInvoke, grantInvokeItself } from './invocations.ts';
import { addMonitoring } from './monitoring/monitoring.ts';
import { statementsFor, type GrantTargets } from './permissions.ts';
import type { PageCode } from './page/page-code.ts';
import { isProtected } from './retention.ts';
import { prepareRollout, type DeployedFunction } from './rollout.ts';
import { addSecrets } from './secrets.ts';
import type { StageSettings } from './stages.ts';
import { addStreamMapping } from './stream.ts';
import { addTable, lookupIndexName } from './table.ts';
import { addSamplingRule } from './tracing.ts';
import { addWebSocketApi, addWebSocketRoutes, connectionArns } from './websocket-api.ts';

interface ChatStackProps {
  stage: string;
  settings: StageSettings;
  codeOf: (name: FunctionName) => Code;
  /** Returns the code of the page; called when the stage has one. */
  pageCode: () => PageCode;
  /** Whether this deployment creates the stack; see retention.ts. */
  isFirstDeployment?: boolean;
}

export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, props: ChatStackProps) {
    const { stage, settings, codeOf, pageCode, isFirstDeployment = false } = props;
    const hasProtection = isProtected(settings, isFirstDeployment);
    super(scope, id, {
      description: `Serverless chat backend, stage ${stage}`,
      terminationProtection: hasProtection,
      tags: tagsOf(stage, settings),
    });
    if (settings.allowedOrigins.length === 0) {
      Annotations.of(this).addInfo(
        `${settings.hasEdge && settings.hasPage ? 'Of all pages only its own' : 'No page'} can use this stage, since no origin is allowed: set ALLOWED_ORIGINS to yours, such as https://chat.example`,
      );
    }
    addSamplingRule(this, stage, settings);
    const table = addTable(this, settings, hasProtection);
    addBackups(this, table, settings);
    addCostWarnings(this, stage, settings);
    const { signingKey, passwordPepper, edgeKey, contentHashKey, canaryKey, filesKey } = addSecrets(
      this,
      settings,
    );
    const failures = addFailures(this, settings);
    const files = addFiles(this, settings);
    const httpApi = addHttpApi(this, stage, settings);
    const webSocketApi = addWebSocketApi(this, stage, settings);
    const webSocketHost = `${webSocketApi.apiId}.execute-api.${this.region}.${this.urlSuffix}`;
    const edge = settings.hasEdge
      ? addEdge(this, { stage, httpApi, webSocketApi, edgeKey, files, filesKey, pageCode, settings })
      : undefined;
    const environmentSources: EnvironmentSources = {
      stage,
      settings,
      stackValues: {
        tableName: table.tableName,
        signingKeySecretId: signingKey.secretArn,
        passwordPepperSecretId: passwordPepper.secretArn,
        edgeKeySecretId: edgeKey.secretArn,
        contentHashKeySecretId: contentHashKey.secretArn,
        canaryKeySecretId: canaryKey.secretArn,
        tokenIssuer: `serverless-chat-${stage}`,
        tokenAudience: `serverless-chat-${stage}`,
        connectionsUrl: `https://${webSocketHost}/${stage}`,
        filesBucketName: files.bucketName,
        filesKeySecretId: filesKey.secretArn,
        filesUrl: edge === undefined ? httpApi.apiEndpoint : `https://${edge.host}`,
      },
    };
    const targets: GrantTargets = {
      tableArn: table.tableArn,
      lookupIndexArn: `${table.tableArn}/index/${lookupIndexName}`,
      secretArns: {
        signingKey: signingKey.secretArn,
        passwordPepper: passwordPepper.secretArn,
        edgeKey: edgeKey.secretArn,
        contentHashKey: contentHashKey.secretArn,
        canaryKey: canaryKey.secretArn,
        filesKey: filesKey.secretArn,
      },
      filesBucketArn: files.bucketArn,
      connectionArns: connectionArns(webSocketApi, stage),
    };
    const rollout = prepareRollout(this, settings);
    const deployed: Record<string, DeployedFunction> = {};
    const streamReaders: Record<string, LambdaFunction> = {};
    const invoked: Record<string, LambdaFunction> = {};
    for (const name of functionNames) {
      const { webSocketRoutes = [], readsStream = false } = functions[name];
      const lambda = addFunction(this, name, {
        settings,
        code: codeOf(name),
        environment: environmentFor(name, environmentSources),
        statements: statementsFor(grantOf(name, settings), targets),
      });
      const deployedFunction = rollout.deploy(lambda);
      deployed[name] = deployedFunction;
      addHttpRoutes(httpApi, deployedFunction, httpRoutesOf(name, settings));
      addWebSocketRoutes(webSocketApi, deployedFunction, webSocketRoutes);
      if (readsStream) {
        streamReaders[name] = lambda;
        addStreamMapping(table, deployedFunction, failures, settings);
      }
    }
    for (const name of functionNames) {
      const { invokes = [], isInvokedAsynchronously = false, invokesItself = false } = functions[name];
      const caller = deployed[name]!;
      for (const { function: target, variable } of invokes)
        grantInvoke(caller.lambda, deployed[target]!, variable);
      if (invokesItself) grantInvokeItself(caller);
      if (isInvokedAsynchronously) {
        invoked[name] = caller.lambda;
        keepFailedInvocations(caller, failures);
      }
    }
    const lambdas = Object.fromEntries(Object.entries(deployed).map(([name, { lambda }]) => [name, lambda]));
    const alarms = addMonitoring(
      this,
      stage,
      {
        functions: lambdas,
        streamReaders,
        invoked,
        failures: failures.arrivals,
        table,
        httpApi,
        webSocketApi,
      },
      settings,
    );
    rollout.rollBackOn(alarms);

    this.output('HttpApiUrl', httpApi.apiEndpoint);
    this.output('WebSocketUrl', `wss://${webSocketHost}/${stage}`);
    this.output('TableName', table.tableName);
    this.output('FailureBucketName', failures.bucket.bucketName);
    this.output('FailureQueueUrl', failures.arrivals.queueUrl);
    this.output('FilesBucketName', files.bucketName);
    let pageBucket: string | undefined;
    let addresses = { chatUrl: httpApi.apiEndpoint, chatWebSocketUrl: `wss://${webSocketHost}/${stage}` };
    if (edge !== undefined) {
      this.output('EdgeUrl', `https://${edge.host}`);
      this.output('EdgeWebSocketUrl', `wss://${edge.host}/ws`);
      if (settings.domainName !== undefined)
        this.output('DistributionDomain', edge.distribution.distributionDomainName);
      if (edge.pageBucket !== undefined) {
        pageBucket = this.logicalIdOf(edge.pageBucket.bucketName);
        allowOrigin(deployed['connect']!.lambda, `https://${edge.host}`, settings);
      }
      addresses = { chatUrl: `https://${edge.host}`, chatWebSocketUrl: `wss://${edge.host}/ws` };
    }
    addCanary(deployed['canary']!, addresses, settings);
    checkPostedFiles(files, deployed['uploads']!);
    const ids = {
      webSocketApi: this.logicalIdOf(webSocketApi.apiId),
      failureBucket: this.logicalIdOf(failures.bucket.bucketName),
      filesBucket: this.logicalIdOf(files.bucketName),
      pageBucket,
    };
    acknowledgeFindings(this, acknowledgements({ ...ids, stage, settings }));
  }

  /** Returns the logical id of the resource to which a token refers. */
  private logicalIdOf(reference: string): string {
    const { Ref }: { Ref: string } = this.resolve(reference);
    return Ref;
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
