/** The composed program: every layer in one stack, each built from the contracts of the layers to its left. */
import { appsConfig } from "./apps/config.ts";
import { appsContract } from "./apps/contract.ts";
import { Apps } from "./apps/layer.ts";
import { argocdConfig } from "./argocd/config.ts";
import { argocdContract } from "./argocd/contract.ts";
import { Argocd } from "./argocd/layer.ts";
import { infraConfig } from "./infra/config.ts";
import { infraContract } from "./infra/contract.ts";
import { Infra } from "./infra/layer.ts";
import { exportContract } from "./lib/contract.ts";
import { readEnvironment, requireTopology } from "./lib/environment.ts";
import { awsProvider, clusterProvider } from "./lib/providers.ts";
import { plainStackTraces } from "./lib/stack-traces.ts";
import { placeSystems } from "./lib/systems.ts";
import { meshConfig } from "./mesh/config.ts";
import { meshContract } from "./mesh/contract.ts";
import { Mesh } from "./mesh/layer.ts";

plainStackTraces();
const environment = readEnvironment();
requireTopology(environment, "composed");
// All configuration is read before anything is created: a mistake in the last layer must not leave the first one half made.
const systems = placeSystems(environment);
const config = { infra: infraConfig(), mesh: meshConfig(), apps: appsConfig(), argocd: argocdConfig() };

const infra = new Infra(
  "infra",
  { ...config.infra, environment, systems },
  { provider: awsProvider(environment, "infra") },
);

// Each layer depends on the ones to its left, so that destroy runs from right to left.
const mesh = new Mesh(
  "mesh",
  { ...config.mesh, environment, systems, infra },
  { provider: clusterProvider("mesh", infra), dependsOn: [infra] },
);

const apps = new Apps(
  "apps",
  { ...config.apps, environment, systems, infra, mesh },
  { providers: [awsProvider(environment, "apps"), clusterProvider("apps", infra)], dependsOn: [infra, mesh] },
);

const argocd = new Argocd(
  "argocd",
  { ...config.argocd, environment, systems, infra, apps },
  { provider: clusterProvider("argocd", infra), dependsOn: [infra, mesh, apps] },
);

export default {
  ...exportContract(infraContract, infra),
  ...exportContract(meshContract, mesh),
  ...exportContract(appsContract, apps),
  ...exportContract(argocdContract, argocd),
};
