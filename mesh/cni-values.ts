import type { Values } from "../lib/helm.ts";
import { istioImages } from "./images.ts";

/**
 * What the CNI chart is told; every key stands in its values.yaml. Its folders are EKS's, and its plugin comes after the VPC's in the
 * same chain.
 */
export function cniValues(): Values {
  return {
    // A pod on every node, so every one of them pays for it.
    resources: { requests: { cpu: "50m", memory: "100Mi" }, limits: { memory: "256Mi" } },
    // A pod can come to a new node before the plugin. Its application then does not start, and its network is put right from the node.
    // The other ways, to delete or to label such pods, would need a right over those of every namespace.
    repair: { enabled: true, repairPods: true },
    // Every Kubernetes that we install has a field for the profile; the annotation is deprecated.
    useAppArmorAnnotation: false,
    global: { ...istioImages, logAsJson: true },
  };
}
