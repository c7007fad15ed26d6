/**
 * The context of the CDK app, which holds its feature flags. It is not in cdk.json, since an app that is built in-process
 * does not read that file.
 */
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** The flags that aws-cdk-lib recommends for new projects; they change only with its version in package.json. */
export const appContext: Record<string, unknown> = flags;
