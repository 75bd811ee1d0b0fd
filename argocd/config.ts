import { z } from "zod";

import { programConfig, readBag, type ConfigSource, type RuleParams } from "../lib/config.ts";

/** Over TLS or SSH, without a credential in it and without a wildcard. */
const repositoryForm =
  /^(https:\/\/[\w.-]+(:\d+)?(\/[\w.~-]+)+|ssh:\/\/(git@)?[\w.-]+(:\d+)?(\/[\w.~-]+)+|git@[\w.-]+:[\w.~-]+(\/[\w.~-]+)*)$/;

export const argocdSchema = z.object({
  /** Every part twice or more, and Redis in three replicas; wants three nodes. */
  highAvailability: z.boolean(),
  /** The Git repository that holds the rendered folders. */
  repository: z.string().refine((address) => repositoryForm.test(address), {
    message: "an https:// or ssh address of a Git repository, without a credential in it",
    // What is refused for the credential in it must not be printed.
    params: { hideValue: true } satisfies RuleParams,
  }),
  /** Branch, tag or commit that is synced. */
  revision: z.string().regex(/^[A-Za-z0-9][\w./-]*$/, "one branch, tag or commit, such as main"),
  /** Helm values on top of the platform's: maps merge, arrays and scalars replace. */
  values: z.record(z.string(), z.unknown()).default({}),
});

export type ArgocdConfig = z.infer<typeof argocdSchema>;

/**
 * Reads the `argocd:` bag.
 *
 * @throws PlatformError CONFIG_INVALID, CONFIG_MISSING or CONFIG_UNKNOWN_KEY
 */
export function argocdConfig(source: ConfigSource = programConfig): ArgocdConfig {
  return readBag("argocd", argocdSchema, source);
}
