import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import { toYaml } from "../../lib/yaml.ts";
import { secretNameOf } from "../../systems/names.ts";
import type { Secret } from "../../systems/types.ts";
import { metadataOf } from "./metadata.ts";

/** Folder under which a pod finds its secrets, one folder an entry, one file a key. */
export const secretsFolder = "/var/run/secrets/platform";

/**
 * Says which Secrets Manager entry a CSI volume holds. The node's driver reads it in the name of the pod's service account; the value
 * is never a Kubernetes Secret.
 */
export function secretProviderClass(system: PlacedSystem, secret: Secret, region: string): Manifest {
  const object = {
    objectName: secretNameOf(system, secret, system.environment),
    objectType: "secretsmanager",
    // The whole document arrives too; under its own name it would be called after the entry, slashes replaced.
    objectAlias: `${secret.name}.json`,
    jmesPath: secret.keys.map((key) => ({ path: key, objectAlias: key })),
  };
  return {
    apiVersion: "secrets-store.csi.x-k8s.io/v1",
    kind: "SecretProviderClass",
    metadata: metadataOf(system, secret.name),
    spec: { provider: "aws", parameters: { region, objects: toYaml([object]) } },
  };
}
