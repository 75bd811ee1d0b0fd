import { refuse } from "../aws-error.ts";
import type { Inputs } from "../../provider.ts";
import type { Account, StoredObject } from "../store.ts";
import { text } from "../values.ts";

/** Tokens and look-ups that the parts of EKS share. */
export const CLUSTER = "aws:eks/cluster:Cluster";
export const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";

/** The cluster of that name, or EKS's refusal. */
export function requireCluster(account: Account, name: string): StoredObject {
  return (
    account.get(CLUSTER, name) ?? refuse("ResourceNotFoundException", `No cluster found for name: ${name}.`)
  );
}

/** How principals are told who they are: through the API, through a ConfigMap, or both. */
export function authenticationMode(inputs: Inputs): string {
  return text(inputs, "accessConfig.authenticationMode") ?? "CONFIG_MAP";
}
