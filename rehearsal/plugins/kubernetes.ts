/** The stand-in for the Kubernetes provider's plugin; the engine starts it. */
import { createRequire } from "node:module";

import { kubernetesProvider } from "./kubernetes/provider.ts";
import { serveProvider } from "./serve.ts";

const { version } = createRequire(import.meta.url)("@pulumi/kubernetes/package.json") as { version: string };

await serveProvider(kubernetesProvider(version));
