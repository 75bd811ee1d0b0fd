import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The kubeconfig of a cluster runs `aws`, so the real component refuses to start where it is not on the PATH; so does this one. */
export function requireAwsCli(path: string = process.env["PATH"] ?? ""): void {
  if (!path.split(delimiter).some((directory) => isExecutable(join(directory, "aws")))) {
    throw new Error(
      "Could not find aws CLI for EKS. See https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html for " +
        "installation instructions.",
    );
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
