import { arn, refersTo, type ResourceTypes, type Subject } from "../resource-type.ts";
import type { CheckFailure, Inputs } from "../../provider.ts";
import { bags, flag, number, text } from "../values.ts";
import { SECURITY_GROUP } from "./network.ts";

export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Launch templates: every change makes a new version, and node groups name the version that they use. */
export const launchTemplates: ResourceTypes = {
  [LAUNCH_TEMPLATE]: {
    replace: ["name", "namePrefix"],
    sets: ["vpcSecurityGroupIds"],
    autoname: { max: 125 },
    taggable: true,
    computed: ["arn", "latestVersion", "defaultVersion", "name", "metadataOptions"],
    changing: ["latestVersion", "defaultVersion"],
    references: [refersTo("vpcSecurityGroupIds", SECURITY_GROUP, "InvalidGroup.NotFound", "security group")],
    check: (inputs) => [...metadataFailures(inputs), ...diskFailures(inputs)],
    id: (self) => `lt-0${self.hash(16)}`,
    claim: (self) => ({
      kind: "launch-template",
      name: text(self.inputs, "name") ?? "",
      code: "InvalidLaunchTemplateName.AlreadyExistsException",
      reason: `Launch template name already in use: ${String(self.inputs["name"])}`,
    }),
    outputs: (self) => {
      const latestVersion = (number(self.old, "latestVersion") ?? 0) + 1;
      return {
        arn: arn(self, "ec2", `launch-template/${self.id}`),
        latestVersion,
        defaultVersion: defaultVersion(self, latestVersion),
      };
    },
  },
};

function defaultVersion(self: Subject, latestVersion: number): number {
  const asked = number(self.inputs, "defaultVersion");
  if (asked !== undefined) return asked;
  return flag(self.inputs, "updateDefaultVersion") === true
    ? latestVersion
    : (number(self.old, "defaultVersion") ?? 1);
}

function metadataFailures(inputs: Inputs): CheckFailure[] {
  const tokens = text(inputs, "metadataOptions.httpTokens");
  const hops = number(inputs, "metadataOptions.httpPutResponseHopLimit");
  const failures: CheckFailure[] = [];
  if (tokens !== undefined && tokens !== "optional" && tokens !== "required") {
    failures.push({ property: "metadataOptions.httpTokens", reason: "expected optional or required" });
  }
  if (hops !== undefined && (hops < 1 || hops > 64)) {
    failures.push({ property: "metadataOptions.httpPutResponseHopLimit", reason: "expected 1 to 64" });
  }
  return failures;
}

function diskFailures(inputs: Inputs): CheckFailure[] {
  const kinds = ["standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"];
  return bags(inputs, "blockDeviceMappings").flatMap((mapping, index) => {
    const kind = text(mapping, "ebs.volumeType");
    return kind === undefined || kinds.includes(kind)
      ? []
      : [
          {
            property: `blockDeviceMappings[${index}].ebs.volumeType`,
            reason: `expected one of ${kinds.join(", ")}`,
          },
        ];
  });
}
