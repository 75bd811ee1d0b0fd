import { refuse } from "../aws-error.ts";
import { arn, oneOf, rule, type ResourceTypes } from "../resource-type.ts";
import { flag, text } from "../values.ts";
import { admitsService, findKey, keyReference } from "./kms.ts";

export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** CloudWatch's log groups. */
export const logs: ResourceTypes = {
  [LOG_GROUP]: {
    replace: ["name", "namePrefix", "logGroupClass"],
    autoname: { max: 512 },
    taggable: true,
    defaults: {
      retentionInDays: 0,
      skipDestroy: false,
      logGroupClass: "STANDARD",
      deletionProtectionEnabled: false,
    },
    computed: ["arn", "name"],
    check: (inputs) => [
      ...oneOf(inputs, "retentionInDays", retentions),
      ...oneOf(inputs, "logGroupClass", ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]),
      ...rule(
        inputs,
        "name",
        (name) => /^[\w./#-]{1,512}$/.test(String(name)),
        "a log group's name has letters, digits and _ - / . #",
      ),
    ],
    id: (self) => text(self.inputs, "name") ?? "",
    claim: (self) => ({
      kind: "log-group",
      name: text(self.inputs, "name") ?? "",
      code: "ResourceAlreadyExistsException",
      reason: `The specified log group already exists: ${String(self.inputs["name"])}`,
    }),
    admit: (self) => {
      const key = text(self.inputs, "kmsKeyId");
      if (key === undefined) return;
      keyReference(self, key);
      const found = findKey(self.account, key);
      if (found !== undefined && !admitsService(found, "logs")) {
        const group = arn(self, "logs", `log-group:${String(self.inputs["name"])}`);
        refuse(
          "AccessDeniedException",
          `The specified KMS key does not exist or its policy does not allow it to be used with ${group}`,
        );
      }
    },
    admitDelete: (object) => {
      if (flag(object.inputs, "deletionProtectionEnabled") === true) {
        refuse("OperationAbortedException", `The log group ${object.id} is protected against deletion`);
      }
    },
    kept: (object) => flag(object.inputs, "skipDestroy") === true,
    outputs: (self) => ({ arn: arn(self, "logs", `log-group:${self.id}`) }),
  },
};
