/**
 * The vocabulary in which a system is declared: plain data that knows nothing of AWS, Kubernetes or Pulumi. Every layer may read it;
 * what a layer on the left must know before it exists on the right (repositories, secrets, hosts, rate limits) is read from here.
 */

/** A duration as Istio and Kubernetes write it: `30s`, `250ms`. */
export type Duration = `${number}s` | `${number}ms`;

/** A set of workloads that belong together and share a namespace, a host and its secrets. */
export interface System {
  /** DNS label; first part of the host. */
  readonly name: string;
  /** Namespace; `<env>` stands for the environment's name. */
  readonly namespace: string;
  readonly services: readonly Service[];
  /** Entries in Secrets Manager. @default none */
  readonly secrets?: readonly Secret[];
  /** Name of the Argo CD application that syncs what the mesh is told about it. @default `<name>-istio-config` */
  readonly istioConfigApplication?: string;
}

/** One service: an address, the versions behind it, and who may call it. */
export interface Service {
  /** DNS label; also its Service, ServiceAccount and repository. */
  readonly name: string;
  /** Port of the Service and of the container. */
  readonly port: number;
  readonly versions: readonly Version[];
  /** How requests are shared out among the versions. */
  readonly rollout: Rollout;
  readonly resilience: Resilience;
  /** Who may call it; everyone else is refused. */
  readonly callers: readonly Caller[];
  /** The way in from outside; a service without one cannot be reached through the gateway. @default none */
  readonly exposure?: Exposure;
  /** Name of the VirtualService. @default the service's name */
  readonly virtualService?: string;
  /** Plain environment variables of every version; no secret. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly resources: Resources;
}

/** One version of a service: its own deployment, image and size. */
export interface Version {
  /** DNS label such as `v1`; also the subset's name. */
  readonly name: string;
  /** Tag of the image in the service's repository. */
  readonly tag: string;
  readonly replicas: Replicas;
}

/** The bounds of the autoscaler. */
export interface Replicas {
  readonly min: number;
  readonly max: number;
}

/** How requests are shared out; made by {@link Rollout}. */
export type Rollout = { readonly kind: "split"; readonly weights: Readonly<Record<string, number>> };

export const Rollout = {
  /** A fixed share for each version, in percent; the shares sum to 100. */
  split: (weights: Readonly<Record<string, number>>): Rollout => ({ kind: "split", weights }),
} as const;

/** Who calls; made by {@link Caller}. */
export type Caller = { readonly kind: "ingress" } | { readonly kind: "service"; readonly name: string };

export const Caller = {
  /** Requests that entered through the ingress gateway. */
  ingress: (): Caller => ({ kind: "ingress" }),
  /** A service of the same system, by name. */
  service: (name: string): Caller => ({ kind: "service", name }),
} as const;

/** What happens when a backend is slow or fails. */
export interface Resilience {
  /** Time for the whole request, all tries together. */
  readonly timeout: Duration;
  readonly retries: Retries;
  readonly breaker: Breaker;
  readonly pool: Pool;
}

export interface Retries {
  /** Tries after the first. */
  readonly attempts: number;
  /** Time for one try. */
  readonly perTryTimeout: Duration;
  /** Pause before a retry; it grows exponentially with jitter up to ten times this. */
  readonly backoff: Duration;
  /** Envoy's conditions, e.g. `5xx,reset,connect-failure`. */
  readonly on: string;
}

/** Takes a failing replica out of the pool for a while. */
export interface Breaker {
  readonly consecutive5xxErrors: number;
  readonly interval: Duration;
  readonly baseEjectionTime: Duration;
  /** At most this share of a version's replicas is out at a time, 1 to 100. */
  readonly maxEjectionPercent: number;
}

/** How much one caller's proxy may have open. */
export interface Pool {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
}

/** A route from the system's host to the service. */
export interface Exposure {
  /** URI prefix. */
  readonly prefix: string;
  readonly rateLimit: RateLimit;
}

/** A bucket of tokens at each gateway replica; a request without a token is answered 429. */
export interface RateLimit {
  readonly requests: number;
  readonly per: Duration;
  /** Size of the bucket. */
  readonly burst: number;
}

/** An entry in Secrets Manager whose value is set outside of the platform. */
export interface Secret {
  /** Last part of the entry's name: `<environment>/<system>/<name>`. */
  readonly name: string;
  readonly description: string;
  /** Keys of the JSON document; each becomes a file. */
  readonly keys: readonly string[];
  /** Services that mount it. */
  readonly readers: readonly string[];
  /** One more service account that may read it, for people and jobs. @default none */
  readonly serviceAccount?: string;
}

/** What a replica asks for and may use at most. */
export interface Resources {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

export interface Quantities {
  /** e.g. `50m`. */
  readonly cpu: string;
  /** e.g. `96Mi`. */
  readonly memory: string;
}
