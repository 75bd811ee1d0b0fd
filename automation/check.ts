import { layerNames, readEnvironment, type Environment } from "../lib/environment.ts";
import { placeSystems, type PlacedSystem } from "../lib/systems.ts";
import { fail } from "../lib/errors.ts";
import { readEnvironmentFile, type EnvironmentFile } from "./config-file.ts";
import { stacksOf, type StackPlan } from "./plan.ts";
import type { Context } from "./types.ts";

/** An environment whose whole configuration was found to be right. */
export interface CheckedEnvironment {
  file: EnvironmentFile;
  environment: Environment;
  systems: PlacedSystem[];
  /** In the order in which they are applied. */
  stacks: StackPlan[];
  /** AWS will refuse to delete the cluster. */
  deletionProtection: boolean;
}

/**
 * Reads and checks an environment's configuration as the program will, every layer's: a mistake in the last layer is refused
 * before the first one is touched. Needs neither the engine nor the cloud.
 *
 * @throws PlatformError ENVIRONMENT_UNKNOWN, or what the layers say about their configuration
 */
export async function checkEnvironment({
  root,
  environment: name,
}: Pick<Context, "root" | "environment">): Promise<CheckedEnvironment> {
  const file = readEnvironmentFile(root, name);
  refuseUnknownBags(file);
  const environment = readEnvironment(file.source, name);
  const systems = placeSystems(environment, file.source);
  const [{ infraConfig }, { meshConfig }, { appsConfig }, { argocdConfig }] = await Promise.all([
    import("../infra/config.ts"),
    import("../mesh/config.ts"),
    import("../apps/config.ts"),
    import("../argocd/config.ts"),
  ]);
  const { cluster } = infraConfig(file.source);
  meshConfig(file.source);
  appsConfig(file.source);
  argocdConfig(file.source);
  return {
    file,
    environment,
    systems,
    stacks: stacksOf(environment, root),
    deletionProtection: cluster.deletionProtection,
  };
}

/** Each layer checks the keys of its own bag; a key in a bag that nobody reads would be passed over in silence. */
function refuseUnknownBags({ document }: EnvironmentFile): void {
  const bags = ["platform", ...layerNames, "pulumi"];
  const { config = {} } = (document.toJS() ?? {}) as { config?: Record<string, unknown> };
  const unknown = Object.keys(config).find((key) => !bags.includes(key.split(":")[0] ?? ""));
  if (unknown === undefined) return;
  fail({
    id: "CONFIG_UNKNOWN_KEY",
    key: unknown,
    rule: `nothing reads it: keys begin with ${bags.map((bag) => `${bag}:`).join(", ")}`,
    remedy: "Correct or remove it in the environment's file.",
  });
}
