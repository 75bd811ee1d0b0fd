import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { LayerName } from "./environment.ts";
import { fail } from "./errors.ts";

type Shape = Record<string, z.ZodType>;

/**
 * What a layer promises to the layers on its right: one definition gives the TypeScript type, the list of keys, which of them are
 * secret, and the check at run time.
 */
export interface Contract<S extends Shape = Shape> {
  readonly layer: LayerName;
  /** The Pulumi project that exports it where the environment is layered. */
  readonly project: string;
  readonly shape: S;
  readonly secret: readonly string[];
}

/** The plain values of a contract. */
export type Values<C> = C extends Contract<infer S> ? { readonly [K in keyof S]: z.infer<S[K]> } : never;

/** The same, as the outputs of a sibling component or of a stack reference: a layer cannot tell which. */
export type Outputs<C> =
  C extends Contract<infer S> ? { readonly [K in keyof S]: pulumi.Output<z.infer<S[K]>> } : never;

/** Defines a contract. `secret` keys stay secret through exports and references. */
export function defineContract<S extends Shape>(
  layer: LayerName,
  shape: S,
  secret: readonly (keyof S & string)[] = [],
): Contract<S> {
  return { layer, project: `platform-${layer}`, shape, secret };
}

/**
 * What the stack exports of a layer: the contract's keys, checked, and secret exactly where the contract says so.
 *
 * @throws PlatformError CONTRACT_INVALID, CONTRACT_MISSING; as the outputs' rejection
 */
export function exportContract<S extends Shape>(
  contract: Contract<S>,
  outputs: Outputs<Contract<S>>,
): Outputs<Contract<S>> {
  const values = outputs as Readonly<Record<string, pulumi.Output<unknown>>>;
  return fromKeys(contract, (key) => {
    const checked = (values[key] as pulumi.Output<unknown>).apply((value) =>
      checkValue(contract, key, value),
    );
    return contract.secret.includes(key) ? pulumi.secret(checked) : refuseSecret(contract, key, checked);
  });
}

/** A value that is secret against the contract is never made plain: whatever made it secret may stand in it. */
function refuseSecret(
  contract: Contract,
  key: string,
  value: pulumi.Output<unknown>,
): pulumi.Output<unknown> {
  const found = pulumi.isSecret(value).then((secret) => {
    if (!secret) return secret;
    return fail({
      id: "CONTRACT_INVALID",
      key: `${contract.project}.${key}`,
      rule: "it is secret, but the contract does not say so",
      remedy: `Keep what is secret out of it, or list it among the secret keys of ${contract.layer}/contract.ts.`,
    });
  });
  return pulumi.output(found).apply(() => value);
}

/** The contract of a lower layer, read from that layer's stack of the same organization and name. */
export function readContract<S extends Shape>(contract: Contract<S>): Outputs<Contract<S>> {
  const reference = new pulumi.StackReference(
    `${pulumi.getOrganization()}/${contract.project}/${pulumi.getStack()}`,
  );
  return fromKeys(contract, (key) =>
    reference.getOutput(key).apply((value) => checkValue(contract, key, value)),
  );
}

/** Checks one value of a contract. Unset means that the lower layer was never applied, or by an older program. */
export function checkValue(contract: Contract, key: string, value: unknown): unknown {
  const remedy = `Run layer ${contract.layer} first: platform up ${pulumi.getStack()} --layer ${contract.layer}.`;
  if (value === undefined || value === null) {
    fail({
      id: "CONTRACT_MISSING",
      key: `${contract.project}.${key}`,
      rule: "the layer has not exported it",
      remedy,
    });
  }
  const parsed = contract.shape[key]?.safeParse(value);
  if (parsed?.success) return parsed.data;
  return fail({
    id: "CONTRACT_INVALID",
    key: `${contract.project}.${key}`,
    // A secret value must not reach a log.
    value: contract.secret.includes(key) ? undefined : value,
    rule: parsed?.error.issues[0]?.message ?? "the contract has no such key",
    remedy,
  });
}

function fromKeys<S extends Shape>(
  contract: Contract<S>,
  at: (key: string) => pulumi.Output<unknown>,
): Outputs<Contract<S>> {
  return Object.fromEntries(Object.keys(contract.shape).map((key) => [key, at(key)])) as Outputs<Contract<S>>;
}
