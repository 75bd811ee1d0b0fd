import type { CheckFailure, Inputs } from "../../provider.ts";
import { kubernetesVersions } from "../addon-versions.ts";
import { refuse } from "../aws-error.ts";
import { overlap, parseBlock } from "../cidr.ts";
import { rule, type Subject } from "../resource-type.ts";
import { at, flag, hasUnknown, text, texts } from "../values.ts";
import { authenticationMode } from "./eks-lookup.ts";
import { keyReference } from "./kms.ts";

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const modes = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
/** Address ranges that no caller from the internet has. */
const reserved = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/4",
];

/** What EKS refuses of a cluster's inputs, whatever else is in the account. */
export function clusterFailures(inputs: Inputs): CheckFailure[] {
  const fail = (property: string, reason: string): CheckFailure => ({ property, reason });
  const failures = [
    ...rule(
      inputs,
      "name",
      (name) => /^[0-9A-Za-z][\w-]{0,99}$/.test(String(name)),
      "1 to 100 letters, digits, _ and -",
    ),
    ...rule(
      inputs,
      "version",
      (version) => kubernetesVersions.includes(String(version)),
      `unsupported Kubernetes version; EKS offers ${kubernetesVersions.join(", ")}`,
    ),
  ];
  for (const type of texts(inputs, "enabledClusterLogTypes")) {
    if (!logTypes.includes(type))
      failures.push(fail("enabledClusterLogTypes", `expected some of ${logTypes.join(", ")}, got ${type}`));
  }
  if (!modes.includes(authenticationMode(inputs))) {
    failures.push(fail("accessConfig.authenticationMode", `expected one of ${modes.join(", ")}`));
  }
  const isPublic = at(inputs, "vpcConfig.endpointPublicAccess") ?? true;
  if (isPublic === false && (at(inputs, "vpcConfig.endpointPrivateAccess") ?? false) === false) {
    failures.push(
      fail("vpcConfig.endpointPrivateAccess", "public and private endpoint access cannot both be off"),
    );
  }
  for (const cidr of texts(inputs, "vpcConfig.publicAccessCidrs")) {
    const block = parseBlock(cidr);
    const inside =
      block !== undefined &&
      block.prefix > 0 &&
      reserved.some((range) => overlap(parseBlock(range) ?? block, block));
    if (block === undefined) failures.push(fail("vpcConfig.publicAccessCidrs", `${cidr} is no IPv4 block`));
    else if (inside)
      failures.push(
        fail(
          "vpcConfig.publicAccessCidrs",
          `The following CIDRs are not allowed in publicAccessCidrs: [${cidr}]`,
        ),
      );
  }
  const encryption = inputs["encryptionConfig"];
  if (
    encryption !== undefined &&
    !hasUnknown(encryption) &&
    !texts(encryption, "resources").includes("secrets")
  ) {
    failures.push(fail("encryptionConfig.resources", `expected ["secrets"]`));
  }
  return failures;
}

/** Versions go up one minor at a time, authentication modes go forward, encryption keys stay. */
export function admitClusterUpdate(self: Subject, oldInputs: Inputs): void {
  const [from, to] = [text(self.old, "version"), text(self.inputs, "version")];
  const steps = minor(to ?? from) - minor(from);
  if (steps !== 0 && steps !== 1) {
    refuse(
      "InvalidParameterException",
      `Unsupported Kubernetes minor version update from ${String(from)} to ${String(to)}`,
    );
  }
  const [oldMode, newMode] = [authenticationMode(oldInputs), authenticationMode(self.inputs)];
  if (modes.indexOf(newMode) < modes.indexOf(oldMode)) {
    refuse(
      "InvalidParameterException",
      `Unsupported authentication mode update from ${oldMode} to ${newMode}`,
    );
  }
  const [oldKey, newKey] = [oldInputs, self.inputs].map((inputs) =>
    text(inputs, "encryptionConfig.provider.keyArn"),
  );
  if (oldKey !== undefined && oldKey !== newKey) {
    refuse("InvalidParameterException", "The cluster is encrypted already, and its key cannot be changed");
  }
  keyReference(self, newKey);
}

/** Whether whoever makes the cluster may administer it, which is so unless the program says no. */
export function creatorIsAdmin(inputs: Inputs): boolean {
  return flag(inputs, "accessConfig.bootstrapClusterCreatorAdminPermissions") ?? true;
}

function minor(version: string | undefined): number {
  return Number(version?.split(".")[1] ?? 0);
}
