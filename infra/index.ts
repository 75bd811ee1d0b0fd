/** The infra layer as a project of its own. */
import { exportContract } from "../lib/contract.ts";
import { readEnvironment, requireTopology } from "../lib/environment.ts";
import { awsProvider } from "../lib/providers.ts";
import { plainStackTraces } from "../lib/stack-traces.ts";
import { placeSystems } from "../lib/systems.ts";
import { infraConfig } from "./config.ts";
import { infraContract } from "./contract.ts";
import { Infra } from "./layer.ts";

plainStackTraces();
const environment = readEnvironment();
requireTopology(environment, "layered");

const infra = new Infra(
  "infra",
  { ...infraConfig(), environment, systems: placeSystems(environment) },
  { provider: awsProvider(environment, "infra") },
);

export default exportContract(infraContract, infra);
