/** The argocd layer as a project of its own. */
import { appsContract } from "../apps/contract.ts";
import { infraContract } from "../infra/contract.ts";
import { exportContract, readContract } from "../lib/contract.ts";
import { readEnvironment, requireTopology } from "../lib/environment.ts";
import { clusterProvider } from "../lib/providers.ts";
import { plainStackTraces } from "../lib/stack-traces.ts";
import { placeSystems } from "../lib/systems.ts";
import { argocdConfig } from "./config.ts";
import { argocdContract } from "./contract.ts";
import { Argocd } from "./layer.ts";

plainStackTraces();
const environment = readEnvironment();
requireTopology(environment, "layered");
const config = argocdConfig();
const systems = placeSystems(environment);
const infra = readContract(infraContract);
const apps = readContract(appsContract);

const argocd = new Argocd(
  "argocd",
  { ...config, environment, systems, infra, apps },
  { provider: clusterProvider("argocd", infra) },
);

export default exportContract(argocdContract, argocd);
