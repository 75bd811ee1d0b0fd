import { fail } from "../lib/errors.ts";
import type { CheckedEnvironment } from "./check.ts";
import { findOnPath } from "./engine.ts";
import { requireOwnValues } from "./placeholders.ts";
import type { Context, Operation } from "./types.ts";

/**
 * Checks what an operation needs beside a right configuration, before the engine starts.
 *
 * @throws PlatformError PLACEHOLDER_VALUE for `up` and `preview`, AWS_CLI_MISSING for every operation
 */
export function requirePreconditions(
  context: Context,
  operation: Operation,
  { file, environment }: CheckedEnvironment,
): void {
  // What was applied with placeholders all the same can still be refreshed and destroyed.
  const applies = operation === "up" || operation === "preview";
  if (applies && context.allowPlaceholders !== true) requireOwnValues(file, environment.name);
  requireAwsCli(context);
}

/** The cluster's kubeconfig asks `aws eks get-token` for its credentials: infra needs it, and every layer that speaks to the cluster. */
function requireAwsCli({ envVars }: Context): void {
  if (findOnPath("aws", envVars ?? process.env) !== undefined) return;
  fail({
    id: "AWS_CLI_MISSING",
    key: "aws",
    rule: "the AWS command line is not on the PATH, and the cluster is reached by its 'aws eks get-token'",
    remedy:
      "Install version 2: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html.",
  });
}
