import { istioVersion } from "../lib/versions.ts";

/** Where Istio's charts take their images. From 1.31 on Istio publishes them at this registry only. */
export const istioImages = { hub: "docker.io/istio", tag: istioVersion } as const;
