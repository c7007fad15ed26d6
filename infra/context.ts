/**
 * The context of the CDK app: its feature flags, in the one place that both `cdk synth` and an app made
 * in-process read (the latter never sees cdk.json).
 */
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** What aws-cdk-lib recommends for new projects; the exact version in package.json keeps it stable. */
export const appContext: Record<string, unknown> = flags;
