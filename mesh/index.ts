/** The mesh layer as a project of its own. */
import { infraContract } from "../infra/contract.ts";
import { exportContract, readContract } from "../lib/contract.ts";
import { readEnvironment, requireTopology } from "../lib/environment.ts";
import { clusterProvider } from "../lib/providers.ts";
import { plainStackTraces } from "../lib/stack-traces.ts";
import { placeSystems } from "../lib/systems.ts";
import { meshConfig } from "./config.ts";
import { meshContract } from "./contract.ts";
import { Mesh } from "./layer.ts";

plainStackTraces();
const environment = readEnvironment();
requireTopology(environment, "layered");
const config = meshConfig();
const systems = placeSystems(environment);
const infra = readContract(infraContract);

const mesh = new Mesh(
  "mesh",
  { ...config, environment, systems, infra },
  { provider: clusterProvider("mesh", infra) },
);

export default exportContract(meshContract, mesh);
