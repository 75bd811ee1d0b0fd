import type * as pulumi from "@pulumi/pulumi";

/**
 * Options for a component of another package (awsx, eks). Such a component inherits no provider from its parent, and the default
 * ones are disabled: so it is handed the parent's AWS provider.
 */
export function remoteChild(
  parent: pulumi.ComponentResource,
  opts: Pick<pulumi.ComponentResourceOptions, "dependsOn"> = {},
): pulumi.ComponentResourceOptions {
  const provider = parent.getProvider("aws:index:Provider");
  return { ...opts, parent, ...(provider === undefined ? {} : { providers: { aws: provider } }) };
}
