import type { Inputs } from "../provider.ts";
import { bagAt, text, texts } from "./values.ts";

/** What the program says on its `aws.Provider`. */
export interface Settings {
  region: string;
  defaultTags: Inputs;
}

/** Keys that say how to reach the real account; the simulated one asks nobody for credentials. */
const withoutMeaning =
  /^(version|pluginDownloadURL|profile|accessKey|secretKey|token|assumeRole.*|shared.*Files|skip.*|maxRetries|retryMode|endpoints)$/;

/** Account ids are refused as the real provider does it, before any resource is looked at. */
export function readSettings(config: Inputs, accountId: string): Settings {
  const known = ["region", "allowedAccountIds", "forbiddenAccountIds", "defaultTags"];
  for (const key of Object.keys(config)) {
    if (!known.includes(key) && !withoutMeaning.test(key)) {
      throw new Error(
        `the simulated AWS does not know the provider option "${key}"; add it to rehearsal/plugins/aws/settings.ts`,
      );
    }
  }
  const region = text(config, "region");
  if (region === undefined)
    throw new Error(`the AWS provider has no region: give "region" to the aws.Provider`);
  const allowed = texts(config, "allowedAccountIds");
  if (allowed.length > 0 && !allowed.includes(accountId)) {
    throw new Error(`AWS account ID not allowed: ${accountId} (allowedAccountIds: ${allowed.join(", ")})`);
  }
  if (texts(config, "forbiddenAccountIds").includes(accountId)) {
    throw new Error(`AWS account ID not allowed: ${accountId} (it is among the forbiddenAccountIds)`);
  }
  return { region, defaultTags: bagAt(config, "defaultTags.tags") };
}
