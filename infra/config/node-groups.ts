import { z } from "zod";

import { architecturesOf } from "../instance-types.ts";
import { duplicateOf, report } from "./rules.ts";

const nodeGroupSchema = z
  .strictObject({
    /** EC2 types of one architecture; several let spot capacity choose. */
    instanceTypes: z
      .array(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an EC2 instance type such as t3.medium"))
      .min(1, "at least one instance type")
      .superRefine((types, context) => {
        const twice = duplicateOf(types);
        if (twice !== undefined) report(context, { rule: `each type once, and ${twice} stands twice` });
        if (architecturesOf(types).length > 1) report(context, { rule: "all types of one architecture" });
      }),
    capacityType: z.enum(["ON_DEMAND", "SPOT"]),
    /** Nodes at the start; afterwards a scaler decides, within `min` and `max`. */
    desired: z.int(),
    min: z.int().min(0, "not below 0"),
    max: z.int().min(1, "at least 1"),
    /** Root volume in GiB. @default 50 */
    diskGiB: z.int().min(20, "20 to 16384 GiB").max(16384, "20 to 16384 GiB").default(50),
    /** Kubernetes labels of the nodes. @default none */
    labels: z.record(z.string(), z.string()).default({}),
  })
  .superRefine(({ desired, min, max }, context) => {
    if (min > max) report(context, { path: ["min"], rule: `not above max, which is ${max}` });
    else if (desired < min || desired > max) {
      report(context, { path: ["desired"], rule: `between min and max, ${min} to ${max}` });
    }
  });

/** `infra:nodeGroups`: name → group */
export const nodeGroupsSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,20}$/, "a short name in lower case"), nodeGroupSchema)
  .superRefine((groups, context) => {
    if (Object.values(groups).every(({ min }) => min === 0)) {
      report(context, { rule: "at least one group with a minimum above 0: the add-ons need nodes" });
    }
  });

export type NodeGroupConfig = z.infer<typeof nodeGroupSchema>;
