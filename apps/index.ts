/** The apps layer as a project of its own. */
import { infraContract } from "../infra/contract.ts";
import { exportContract, readContract } from "../lib/contract.ts";
import { readEnvironment, requireTopology } from "../lib/environment.ts";
import { awsProvider, clusterProvider } from "../lib/providers.ts";
import { plainStackTraces } from "../lib/stack-traces.ts";
import { placeSystems } from "../lib/systems.ts";
import { meshContract } from "../mesh/contract.ts";
import { appsConfig } from "./config.ts";
import { appsContract } from "./contract.ts";
import { Apps } from "./layer.ts";

plainStackTraces();
const environment = readEnvironment();
requireTopology(environment, "layered");
const config = appsConfig();
const systems = placeSystems(environment);
const infra = readContract(infraContract);
const mesh = readContract(meshContract);

const apps = new Apps(
  "apps",
  { ...config, environment, systems, infra, mesh },
  { providers: [awsProvider(environment, "apps"), clusterProvider("apps", infra)] },
);

export default exportContract(appsContract, apps);
