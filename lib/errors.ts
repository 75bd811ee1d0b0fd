/**
 * Every error the platform raises on purpose. An id is stable for life: scripts match on it and docs/errors.md explains it.
 * The text is the short meaning; the rule and the remedy come with the error itself.
 */
export const errorIds = {
  ACCOUNT_MISMATCH: "the credentials belong to another AWS account than the environment",
  AWS_CLI_MISSING: "the AWS command line is not on the PATH",
  BACKEND_UNREACHABLE: "the place where the state is kept cannot be reached",
  CACHE_FULL: "the disk that holds the tool cache is full",
  CACHE_UNWRITABLE: "the tool cache cannot be written",
  CANCELLED: "the command was interrupted",
  CATALOGUE_CONFLICT: "two systems claim the same host, namespace, repository or secret",
  CIDR_INVALID: "a CIDR block is malformed or has host bits set",
  CIDR_OVERLAP: "two CIDR blocks overlap",
  CONFIG_INVALID: "a configuration value breaks its rule",
  CONFIG_MISSING: "a required configuration value is not set",
  CONFIG_UNKNOWN_KEY: "a configuration key is not known",
  CONFIRMATION_NEEDED: "the command changes things and nobody confirmed it",
  CONTRACT_INVALID: "a layer's outputs do not fit its contract",
  CONTRACT_MISSING: "a lower layer has no stack or no outputs yet",
  CONTROL_PLANE_FAILED: "the rehearsal's control plane did not start",
  CREDENTIALS_MISSING: "there are no valid AWS credentials",
  ENGINE_FAILED: "the Pulumi engine reported an error",
  ENGINE_MISSING: "the Pulumi command line is missing or does not run",
  ENVIRONMENT_UNKNOWN: "there is no configuration file for the environment",
  GATEWAY_WITHOUT_ADDRESS: "the ingress gateway's load balancer has no address",
  IAM_WILDCARD: "an IAM policy or trust grants by wildcard",
  IMAGES_MISSING: "images are not in their registry",
  LAYER_IN_COMPOSED: "a layer was named in an environment that is one stack",
  LAYER_IN_USE: "a layer to the right still stands on the layer",
  LAYER_UNKNOWN: "there is no layer of that name",
  PASSPHRASE_WRONG: "the passphrase of the stack's secrets is not set or wrong",
  PLACEHOLDER_VALUE: "the configuration still holds the example's values",
  PORT_TAKEN: "a port that was asked for is in use",
  PROTECTED_ENVIRONMENT: "the environment is protected against destruction",
  REHEARSAL_NOT_RUNNING: "there is no rehearsal of the environment to act on",
  REHEARSAL_RUNNING: "a rehearsal of the environment is already running",
  SECRETS_EMPTY: "secrets have no value in Secrets Manager",
  STACK_LOCKED: "another run is changing the stack",
  STALE_RENDERING: "the rendered files are not what the program renders",
  SYSTEM_DUPLICATE: "a system declares the same thing twice",
  SYSTEM_INVALID: "a value in a system's declaration breaks its rule",
  SYSTEM_UNKNOWN_REFERENCE: "a declaration names a service, version or secret that does not exist",
  SYSTEM_WEIGHTS: "the weights of a split do not sum to 100",
  TOOL_BUILD_FAILED: "a tool did not build",
  TOOL_GO_MISSING: "Go is missing or too old to build the tools",
  TOOL_NO_NETWORK: "a tool is missing and nothing can be fetched",
  TOPOLOGY_WRONG: "the entry point does not fit the environment's topology",
  VALUES_UNKNOWN_KEY: "a Helm value is not known to its chart",
  VERSION_UNSUPPORTED: "a pair of versions is not supported together",
} as const;

export type ErrorId = keyof typeof errorIds;

export interface ErrorDetails {
  id: ErrorId;
  /** What the value belongs to, as the user would look for it: a config key, a path in a declaration, a file. */
  key: string;
  /** The offending value; shown as JSON. Leave out where showing it would leak or where there is none. */
  value?: unknown;
  /** What must hold. */
  rule: string;
  /** What to do about it. */
  remedy: string;
  cause?: unknown;
}

/** An error that says what is wrong, by which rule, and what to do: `ID: key = value: rule. remedy`. */
export class PlatformError extends Error {
  readonly id: ErrorId;
  readonly key: string;
  readonly value: unknown;
  readonly rule: string;
  readonly remedy: string;

  constructor(details: ErrorDetails) {
    const shown =
      details.value === undefined ? details.key : `${details.key} = ${JSON.stringify(details.value)}`;
    super(`${details.id}: ${shown}: ${details.rule}. ${details.remedy}`, { cause: details.cause });
    this.name = "PlatformError";
    this.id = details.id;
    this.key = details.key;
    this.value = details.value;
    this.rule = details.rule;
    this.remedy = details.remedy;
  }
}

/** Raises a {@link PlatformError}. */
export function fail(details: ErrorDetails): never {
  throw new PlatformError(details);
}
