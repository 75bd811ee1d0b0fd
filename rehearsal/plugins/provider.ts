/**
 * What a stand-in for a provider plugin has to answer. {@link serveProvider} in serve.ts speaks the engine's protocol on its
 * behalf, so a stand-in sees plain JSON only: no secret wrappers, no resource references, no protobuf.
 */

/** A property bag as the engine sends it: JSON values, and {@link UNKNOWN} where a preview does not know yet. */
export type Inputs = Record<string, unknown>;

/** What stands for a value that is not known during a preview; the engine's own constant. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** How one property differs; the engine shows it as `+`, `~`, `-`, and marks the ones that force a replacement. */
export type DiffKind = "add" | "update" | "delete" | "add-replace" | "update-replace" | "delete-replace";

/** A property that is wrong, and why; shown to the user under the resource. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** Which resource a request is about. */
export interface ResourceRequest {
  urn: string;
  /** The resource's own type token, for instance `aws:ec2/vpc:Vpc`. */
  type: string;
  /** The name in the program, the last part of the urn. */
  name: string;
}

/** A request that may take long. */
export interface LongRequest extends ResourceRequest {
  /** Aborted when the user cancels the run; whoever waits should stop and throw. */
  signal: AbortSignal;
}

export interface CheckRequest extends ResourceRequest {
  /** The inputs of the last run; empty when the resource is new. */
  olds: Inputs;
  news: Inputs;
  /** The same bytes for the same resource in a preview and the update after it: names made from it agree. */
  seed: Uint8Array;
}

export interface CheckResult {
  inputs: Inputs;
  failures?: CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  id: string;
  oldInputs: Inputs;
  oldOutputs: Inputs;
  newInputs: Inputs;
  /** Property paths whose differences do not count. */
  ignoreChanges: string[];
}

export interface DiffResult {
  changes: boolean;
  /** Top-level property names that force a replacement. */
  replaces: string[];
  /** @default false */
  deleteBeforeReplace?: boolean;
  /** By property path, for instance `spec.replicas` or `rules[0].port`. */
  detailed: Record<string, DiffKind>;
}

export interface CreateRequest extends LongRequest {
  inputs: Inputs;
  preview: boolean;
  /** Seconds; 0 when the program sets none. */
  timeout: number;
}

export interface ReadRequest extends LongRequest {
  id: string;
  /** Empty when the resource is being imported. */
  inputs: Inputs;
  outputs: Inputs;
}

export interface UpdateRequest extends LongRequest {
  id: string;
  oldInputs: Inputs;
  oldOutputs: Inputs;
  newInputs: Inputs;
  preview: boolean;
  /** Seconds; 0 when the program sets none. */
  timeout: number;
  ignoreChanges: string[];
}

export interface DeleteRequest extends LongRequest {
  id: string;
  inputs: Inputs;
  outputs: Inputs;
  /** Seconds; 0 when the program sets none. */
  timeout: number;
}

export interface InvokeRequest {
  token: string;
  args: Inputs;
}

export interface InvokeResult {
  result: Inputs;
  failures?: CheckFailure[];
}

/** A stand-in for one provider plugin. An error that it throws is shown to the user by its message alone. */
export interface Provider {
  name: string;
  version: string;
  /**
   * Keys of the provider resource whose text is never decoded, though it may look like JSON.
   * @default ["kubeconfig"]
   */
  textConfig?: readonly string[];
  /** The provider resource's own inputs; values that travel as JSON text (objects, lists, true, false) are decoded. */
  configure?(config: Inputs): Promise<void>;
  /** Which changes of the provider resource's inputs replace it. @default none */
  diffConfig?(r: { oldInputs: Inputs; newInputs: Inputs }): Promise<{ replaces: string[] }>;
  /** Checks and completes the inputs. @default the inputs as they are */
  check?(r: CheckRequest): Promise<CheckResult>;
  diff(r: DiffRequest): Promise<DiffResult>;
  create(r: CreateRequest): Promise<{ id: string; outputs: Inputs }>;
  /** The state as it is now; undefined when it is gone. @default the state that the engine knows */
  read?(r: ReadRequest): Promise<{ id: string; inputs: Inputs; outputs: Inputs } | undefined>;
  update(r: UpdateRequest): Promise<{ outputs: Inputs }>;
  delete(r: DeleteRequest): Promise<void>;
  /** Answers a data source. @default an error that names the token */
  invoke?(r: InvokeRequest): Promise<InvokeResult>;
}

/** The object was made, but is not ready: the engine keeps it in its state and reports the reasons. */
export class InitError extends Error {
  readonly id: string;
  readonly outputs: Inputs;
  readonly reasons: string[];

  constructor(
    id: string,
    outputs: Inputs,
    reasons: string[],
    message = "the resource was created but did not become ready",
  ) {
    super(message);
    this.name = "InitError";
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Marks an output as secret; the engine encrypts it in its state and hides it when it shows it. */
export function secret(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

/** A value with every secret wrapper taken off, however deep. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrapSecrets);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const bag = value as Inputs;
  return bag[SIGNATURE] === SECRET
    ? unwrapSecrets(bag["value"])
    : Object.fromEntries(Object.entries(bag).map(([key, inner]) => [key, unwrapSecrets(inner)]));
}
