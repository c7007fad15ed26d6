/** The project's app with one addition: each function says its name in the user agent of what it sends. */
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { buildApp as buildProjectApp } from '../../infra/app.ts';

export const buildApp: typeof buildProjectApp = (options) => {
  const app = buildProjectApp(options);
  for (const construct of app.node.findAll()) {
    // The SDK reads this variable itself.
    if (construct instanceof LambdaFunction)
      construct.addEnvironment('AWS_SDK_UA_APP_ID', construct.node.scope!.node.id);
  }
  return app;
};
