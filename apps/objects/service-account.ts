import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";

import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import { metadataOf } from "./metadata.ts";

/** Annotation by which a service account takes on an IAM role. */
export const roleAnnotation = "eks.amazonaws.com/role-arn";

/**
 * An identity: in the mesh by its certificate, and in AWS by its role where it has one.
 *
 * @param roleArn the IAM role. @default none
 */
export function serviceAccount(system: PlacedSystem, name: string, roleArn?: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: {
      ...metadataOf(system, name),
      ...(roleArn === undefined ? {} : { annotations: { [roleAnnotation]: roleArn } }),
    },
    // Nothing here calls the API server. The proxy's and AWS's tokens are volumes of their own, which this does not touch.
    automountServiceAccountToken: false,
  } satisfies IServiceAccount;
}
