/** The composed program on a system of as many services as the benchmark says, every one like calculator's. */
import { appsConfig } from "../apps/config.ts";
import { Apps } from "../apps/layer.ts";
import { argocdConfig } from "../argocd/config.ts";
import { Argocd } from "../argocd/layer.ts";
import { infraConfig } from "../infra/config.ts";
import { Infra } from "../infra/layer.ts";
import { readEnvironment } from "../lib/environment.ts";
import { awsProvider, clusterProvider } from "../lib/providers.ts";
import { plainStackTraces } from "../lib/stack-traces.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { Mesh } from "../mesh/layer.ts";
import { meshConfig } from "../mesh/config.ts";
import { calculator } from "../systems/calculator.ts";
import { defineSystem } from "../systems/define.ts";
import { hostOf } from "../systems/names.ts";
import { Caller, type Service } from "../systems/types.ts";

plainStackTraces();
const environment = readEnvironment();
const systems = [grown(Number(process.env["BENCH_SERVICES"]))];

const infra = new Infra(
  "infra",
  { ...infraConfig(), environment, systems },
  { provider: awsProvider(environment, "infra") },
);
const mesh = new Mesh(
  "mesh",
  { ...meshConfig(), environment, systems, infra },
  { provider: clusterProvider("mesh", infra), dependsOn: [infra] },
);
const apps = new Apps(
  "apps",
  { ...appsConfig(), environment, systems, infra, mesh },
  { providers: [awsProvider(environment, "apps"), clusterProvider("apps", infra)], dependsOn: [infra, mesh] },
);
new Argocd(
  "argocd",
  { ...argocdConfig(), environment, systems, infra, apps },
  { provider: clusterProvider("argocd", infra), dependsOn: [infra, mesh, apps] },
);

/** calculator's entry service and behind it `count - 1` of its backends. */
function grown(count: number): PlacedSystem {
  const [entry, backend] = calculator.services as [Service, Service];
  const backends = Array.from({ length: count - 1 }, (_, index): Service => {
    return {
      ...backend,
      name: `backend-${index + 1}`,
      port: 8001 + index,
      callers: [Caller.service(entry.name)],
    };
  });
  const services = [entry, ...backends];
  const secrets = (calculator.secrets ?? []).map((secret) => ({
    ...secret,
    readers: services.map(({ name }) => name),
  }));
  const system = defineSystem({ ...calculator, services, secrets });
  const { name, domain } = environment;
  return { ...system, environment: name, host: hostOf(system, name, domain), delivery: "pulumi" };
}
